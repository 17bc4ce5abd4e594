"""Remarks on how published forecasts fared, and on demand that has left them."""

from __future__ import annotations

from orderpoint.messages.catalogue import Catalogue

DRIFT: Catalogue = {
    "live_accuracy": (
        "Published forecasts of {first} to {last} against what came: WAPE {wape} (promised {promised_wape}, seasonal naive {naive_wape}), bias {bias}, {coverage} within the 90 % band.",
        "已发布的 {first} 至 {last} 预测与实际相比:WAPE {wape}(预期 {promised_wape},季节性朴素法 {naive_wape}),偏差 {bias},{coverage} 落在 90% 区间内。",
    ),
    "drift_shortened_shop": (
        "Since {began} the shop sells {ratio} times what was forecast. It is now forecast from its last {window} periods alone, which did better in recent weeks held back.",
        "自 {began} 起,全店销量为预测的 {ratio} 倍。现仅用最近 {window} 个周期的历史预测,在最近的留出检验中效果更好。",
    ),
    "drift_kept_shop": (
        "Since {began} the shop sells {ratio} times what was forecast. The model is kept: no shorter history did better in recent weeks held back.",
        "自 {began} 起,全店销量为预测的 {ratio} 倍。模型保持不变:更短的历史在最近的留出检验中没有更好。",
    ),
    "drift_shortened": (
        "Since {began} category {category} sells {ratio} times what was forecast. It is now forecast from its last {window} periods alone, which did better in recent weeks held back.",
        "自 {began} 起,类别 {category} 的销量为预测的 {ratio} 倍。现仅用最近 {window} 个周期的历史预测,在最近的留出检验中效果更好。",
    ),
    "drift_kept": (
        "Since {began} category {category} sells {ratio} times what was forecast. The model is kept: no shorter history did better in recent weeks held back.",
        "自 {began} 起,类别 {category} 的销量为预测的 {ratio} 倍。模型保持不变:更短的历史在最近的留出检验中没有更好。",
    ),
}
"""Code of an `ingest.reading.Note` -> what is said of it."""
