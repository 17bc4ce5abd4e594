"""What is said of the rules of a business: which did what, what they found, and what is wrong with their file."""

from __future__ import annotations

from orderpoint.messages.catalogue import Catalogue
from orderpoint.messages.service import SERVICE_REMARKS

RULES: Catalogue = {
    # before the algorithm
    "rule_min_stock": ("Rule '{rule}' raised the minimum stock from {before} to {after}.", "规则“{rule}”将最低库存从 {before} 提高到 {after}。"),
    "rule_max_stock": ("Rule '{rule}' lowered the maximum stock from {before} to {after}.", "规则“{rule}”将最高库存从 {before} 降低到 {after}。"),
    "rule_maximum_holds": ("The minimum stock of {min_stock} is above the maximum of {max_stock}; the maximum holds.", "最低库存 {min_stock} 高于最高库存 {max_stock},以最高库存为准。"),
    "rule_service_target": ("Rule '{rule}' set the service target to {after}.", "规则“{rule}”将服务目标设为 {after}。"),
    "rule_not_ordered": ("Rule '{rule}' says that nothing is ordered.", "规则“{rule}”规定不订货。"),
    "rule_suppliers": ("Rule '{rule}' buys from {after} only.", "规则“{rule}”只向 {after} 采购。"),
    "rule_no_supplier": ("Rule '{rule}' buys from {after} only, who does not take an order for this today: nothing is ordered.", "规则“{rule}”只向 {after} 采购,但其今天不接受该商品的订单:不订货。"),
    # after it
    "rule_order": ("Rule '{rule}' set the order from {before} to {after}.", "规则“{rule}”将订货量从 {before} 改为 {after}。"),
    "rule_raised": ("Rule '{rule}' raised the order from {before} to {after}.", "规则“{rule}”将订货量从 {before} 提高到 {after}。"),
    "rule_cut": ("Rule '{rule}' cut the order from {before} to {after}.", "规则“{rule}”将订货量从 {before} 减少到 {after}。"),
    "rule_held": ("Rule '{rule}' held the order of {before} back.", "规则“{rule}”取消了 {before} 的订货。"),
    "rule_expedite": ("Rule '{rule}' moved the order to {after}, who delivers {days} days sooner.", "规则“{rule}”将订单改给 {after},可提前 {days} 天到货。"),
    "rule_no_faster": ("Rule '{rule}' asks for a faster delivery; no supplier who takes orders today is faster.", "规则“{rule}”要求加快到货,但今天接单的供应商中没有更快的。"),
    "rule_mark_down": ("Rule '{rule}' proposes to cut the price by {after}.", "规则“{rule}”建议降价 {after}。"),
    "rule_alert": ("{rule}: {text}", "{rule}:{text}"),
    # between rules
    "rule_overruled": ("Rule '{rule}' ({action}) was overruled by '{winner}'.", "规则“{rule}”({action})被“{winner}”否决。"),
    "rule_no_value": ("Rule '{rule}' was not applied: its {action} has no value that can be used here.", "规则“{rule}”未执行:其 {action} 在此没有可用的数值。"),
    "transfer_space": ("{before} were to be sent here; the space at {limit} leaves {after}.", "原计划调入 {before},{limit} 的库容只允许 {after}。"),
    "rule_budget": ("The rules left an order of {before}; the budget leaves {after}.", "按规则应订货 {before},预算只允许 {after}。"),
    **SERVICE_REMARKS,
}  # fmt: skip
"""Code of a `tables.decisions.Remark` -> what is said of it."""

RULE_FAULTS: Catalogue = {
    # the file
    "rule_yaml": ("the file is not valid YAML: {cause}", "文件不是有效的 YAML:{cause}"),
    "rule_yaml.remedy": ("Correct the line; texts with a colon, a brace or a # need quotation marks.", "请更正此行;含冒号、花括号或 # 的文本需要加引号。"),
    "rule_no_rules": ("there is no list of rules", "没有规则列表"),
    "rule_no_rules.remedy": ("Write each rule as '- name: ...' with 'when' and 'then' below it.", "每条规则写成“- name: ...”,其下写 when 和 then。"),
    "rule_not_a_rule": ("this is no rule", "这不是规则"),
    "rule_not_a_rule.remedy": ("Write it as '- name: ...' with 'when' and 'then' below it.", "请写成“- name: ...”,其下写 when 和 then。"),
    "rule_unknown_key": ("a rule has no such part", "规则中没有这一项"),
    "rule_unknown_key.remedy": ("Did you mean: {nearest}?", "是否指:{nearest}?"),
    "rule_missing_key": ("the rule has no {key}", "规则缺少 {key}"),
    "rule_missing_key.remedy": ("Add it.", "请补上。"),
    "rule_key_twice": ("this stands here twice", "此项重复出现"),
    "rule_key_twice.remedy": ("Keep one, or make two rules.", "请只保留一个,或分成两条规则。"),
    "rule_no_name": ("the rule has no name", "规则没有名称"),
    "rule_no_name.remedy": ("Give it a name that says what it is for.", "请给出能说明用途的名称。"),
    "rule_name_twice": ("the rule of row {first} has the same name", "与第 {first} 行的规则同名"),
    "rule_name_twice.remedy": ("Give each rule a name of its own.", "每条规则请使用不同的名称。"),
    "rule_no_priority": ("this is not a number", "这不是数字"),
    "rule_no_priority.remedy": ("Write a number such as 10; higher ones are heard first.", "请填写数字,例如 10;数字大的规则优先。"),
    # actions
    "rule_no_actions": ("the rule does nothing", "规则没有任何动作"),
    "rule_no_actions.remedy": ("Write below 'then' what to do, for example 'cap: 100'.", "请在 then 下写明动作,例如“cap: 100”。"),
    "rule_unknown_action": ("there is no such action", "没有这个动作"),
    "rule_unknown_action.remedy": ("Did you mean: {nearest}?", "是否指:{nearest}?"),
    "rule_unknown_stage": ("this is no stage", "没有这个阶段"),
    "rule_unknown_stage.remedy": ("Write before or after.", "请填写 before 或 after。"),
    "rule_wrong_stage": ("this rule cannot be heard then", "此规则不能在这个阶段执行"),
    "rule_wrong_stage.remedy": ("Leave the stage out: limits are heard before, what concerns the order after.", "请省略阶段:限制类规则在前,涉及订单的规则在后。"),
    "rule_two_stages": ("the rule mixes limits, which are heard before the algorithm, with what is known only after it", "规则混合了算法之前的限制和算法之后才知道的内容"),
    "rule_two_stages.remedy": ("Make two rules of it.", "请分成两条规则。"),
    "rule_not_true": ("{action} takes nothing but true", "{action} 只能填写 true"),
    "rule_not_true.remedy": ("Write '{action}: true', or leave it out.", "请写“{action}: true”,或删除此项。"),
    "rule_no_text": ("{action} needs a text", "{action} 需要一段文本"),
    "rule_no_text.remedy": ("Write what is to be said; fields may stand in it as {{on_hand}}.", "请写明要提示的内容;可用 {{on_hand}} 的形式引用字段。"),
    "rule_not_names": ("{action} needs names", "{action} 需要填写名称"),
    "rule_not_names.remedy": ("Write one name, or a list: [ACME, Brisk].", "请填写一个名称,或列表:[ACME, Brisk]。"),
    "rule_negative": ("the number must be at least 0", "数值不能小于 0"),
    "rule_negative.remedy": ("Correct the number.", "请更正数值。"),
    "rule_out_of_range": ("the number must lie between {low} and {high}", "数值必须在 {low} 与 {high} 之间"),
    "rule_out_of_range.remedy": ("Write 0.2 for 20 %.", "20% 请写成 0.2。"),
    # expressions
    "rule_not_an_expression": ("here stands a list or a mapping where a value is needed", "此处需要一个值,却是列表或映射"),
    "rule_not_an_expression.remedy": ("Write a condition or a number; put it in quotation marks if it begins with a bracket.", "请填写条件或数值;以括号开头时请加引号。"),
    "rule_syntax": ("this cannot be read as an expression", "无法识别的表达式"),
    "rule_syntax.remedy": ("Check brackets, quotation marks and signs; equality is ==; between braces an expression with a comma needs quotation marks.", "请检查括号、引号和符号;等于写作 ==;花括号内含逗号的表达式需要加引号。"),
    "rule_too_long": ("the expression has more than {most} characters", "表达式超过 {most} 个字符"),
    "rule_too_long.remedy": ("Make several rules of it.", "请分成多条规则。"),
    "rule_too_deep": ("the expression is nested more than {most} deep", "表达式嵌套超过 {most} 层"),
    "rule_too_deep.remedy": ("Make it simpler.", "请简化。"),
    "rule_not_allowed": ("this is not allowed in a rule", "规则中不允许使用"),
    "rule_not_allowed.remedy": ("Use fields, numbers, texts, + - * /, comparisons, and, or, not, if, and the functions of the manual.", "请使用字段、数字、文本、+ - * /、比较、and、or、not、if 以及手册中的函数。"),
    "rule_unknown_field": ("there is no such field", "没有这个字段"),
    "rule_unknown_field.remedy": ("Did you mean: {nearest}? Texts stand in quotation marks.", "是否指:{nearest}?文本请加引号。"),
    "rule_unknown_function": ("there is no such function", "没有这个函数"),
    "rule_unknown_function.remedy": ("Did you mean: {nearest}?", "是否指:{nearest}?"),
    "rule_arguments": ("{function} takes {count} values", "{function} 需要 {count} 个值"),
    "rule_arguments.remedy": ("Correct what stands in its brackets.", "请更正括号内的内容。"),
    "rule_not_a_number": ("a number is needed here", "此处需要数字"),
    "rule_not_a_number.remedy": ("Numbers are compared and reckoned with numbers.", "数字只能与数字比较和运算。"),
    "rule_not_a_text": ("a text is needed here", "此处需要文本"),
    "rule_not_a_text.remedy": ("Texts are compared with texts, in quotation marks.", "文本只能与带引号的文本比较。"),
    "rule_not_a_flag": ("a condition is needed here, something that is true or false", "此处需要条件,其结果为真或假"),
    "rule_not_a_flag.remedy": ("Compare it, for example: on_hand < 10.", "请写成比较,例如:on_hand < 10。"),
    "rule_not_a_list": ("'in' needs a list of constants", "in 后面需要常量列表"),
    "rule_not_a_list.remedy": ('Write ["A", "B"].', '请写成 ["A", "B"]。'),
    "rule_not_a_choice": ("this is none of: {choices}", "不在可选值之中:{choices}"),
    "rule_not_a_choice.remedy": ("Use one of these words.", "请使用其中之一。"),
    # rules together
    "rule_contradiction": ("it contradicts {action} of '{other}', which applies to the same series", "与“{other}”的 {action} 矛盾,两者适用于相同的商品"),
    "rule_contradiction.remedy": ("Take one of the two out, or change its condition.", "请删除其中之一,或修改条件。"),
    "rule_never_heard": ("it is never heard: {action} of '{other}' applies to the same series and comes first", "永远不会执行:“{other}”的 {action} 适用于相同的商品且优先"),
    "rule_never_heard.remedy": ("Take one of the two out, or change its condition.", "请删除其中之一,或修改条件。"),
}  # fmt: skip
"""Code of a fault of a rule file -> what is wrong; code + ".remedy" -> what to do."""
