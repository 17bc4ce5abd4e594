"""What can be wrong with the input and what to do about it; also why single rows are set aside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from orderpoint.domain.errors import Fault
from orderpoint.messages.catalogue import Catalogue, Language, say
from orderpoint.messages.repairs import FORM_FAULTS, SET_ASIDE_BY_RULE
from orderpoint.messages.rules import RULE_FAULTS
from orderpoint.messages.service import SERVICE_FAULTS

FAULTS: Catalogue = {
    # files
    "empty_file": ("the file is empty", "文件是空的"),
    "empty_file.remedy": ("Export it again, or take it out of the folder.", "请重新导出,或从文件夹中移除该文件。"),
    "unreadable": ("the file cannot be read ({cause})", "文件无法读取({cause})"),
    "unreadable.remedy": ("Open it in the program that made it and save it again.", "请用生成它的程序打开并重新保存。"),
    "open_quote": ("a quotation mark is opened and never closed", "有一个引号没有配对"),
    "open_quote.remedy": ("Export the file again as CSV, or correct the quotation marks.", "请重新导出为 CSV,或更正引号。"),
    "not_text": ("the file is not text, although its name says so", "文件扩展名是文本,但内容不是文本"),
    "not_text.remedy": ("Give it the ending that fits its content: .xlsx, .parquet or .csv.", "请使用与内容相符的扩展名:.xlsx、.parquet 或 .csv。"),
    "file_changes": ("the file was changed while it was read", "读取过程中文件发生了变化"),
    "file_changes.remedy": ("Wait until its export has ended, then run again.", "请等导出完成后再运行。"),
    "no_earlier_result": ("{path} is no result of an earlier run ({cause})", "{path} 不是以往运行的结果({cause})"),
    "no_earlier_result.remedy": ("Give a folder of results or a forecast.parquet with --previous, or move the file away.", "请用 --previous 指定结果文件夹或 forecast.parquet,或移走该文件。"),
    "unknown_format": ("files that end in {value} are not read", "不支持以 {value} 结尾的文件"),
    "unknown_format.remedy": ("Use one of: {endings}.", "请使用以下格式之一:{endings}。"),
    "no_sheet_known": ("no sheet of the workbook is named after a table (sheets: {sheets})", "工作簿中没有以表名命名的工作表(现有:{sheets})"),
    "no_sheet_known.remedy": ("Name the sheets sales, stock, items, supply ...", "请将工作表命名为 销售、库存、商品、供货 等。"),
    "unknown_table": ("the file is neither named after a table nor a known export", "文件名不是已知的表名,内容也不是已知的导出格式"),
    "unknown_table.remedy": ("Name it after its table: {tables}.", "请按表名命名文件:{tables}。"),
    "which_is_sales": ("several files could be the sales: {files}", "有多个文件可能是销售表:{files}"),
    "which_is_sales.remedy": ("Name the right one sales.csv, or give it alone.", "请将正确的文件命名为 sales.csv,或单独指定它。"),
    "two_tables": ("there are two tables {table}: {files}", "表 {table} 出现了两次:{files}"),
    "two_tables.remedy": ("Keep one, or join them into one file.", "请只保留一个,或合并为一个文件。"),
    "no_sales": ("there is no sales table (not read: {files})", "没有销售表(未读取的文件:{files})"),
    "no_sales.remedy": ("Add sales.csv with the columns date, item, quantity; `orderpoint init` writes a template.", "请添加包含 date、item、quantity 列的 sales.csv;`orderpoint init` 可生成模板。"),
    "no_rows": ("the table {table} has a header and no rows", "表 {table} 只有表头,没有数据行"),
    "no_rows.remedy": ("Export it again with its rows.", "请重新导出包含数据的文件。"),
    "nothing_sold": ("every row of the sales is a return, so nothing was sold", "销售表中全是退货,没有任何销售"),
    "nothing_sold.remedy": ("Check the sign of the quantities; what is sold is above zero.", "请检查数量的正负号;销量应大于零。"),
    "too_many_cells": ("the line has more cells than the header", "该行的单元格比表头多"),
    "too_many_cells.remedy": ("Put text that holds the delimiter in quotation marks.", "含有分隔符的文本请加引号。"),
    # columns
    "missing_column": ("there is no column for {column}", "缺少 {column} 列"),
    "missing_column.remedy": ('Add it, or say which column it is with --map "COLUMN={column}". The file has: {columns}.', '请添加该列,或用 --map "列名={column}" 指定。文件中的列:{columns}。'),
    "ambiguous_column": ("several columns could be {field}: {candidates}", "有多列都可能是 {field}:{candidates}"),
    "ambiguous_column.remedy": ("Choose one, for example --map {example}.", "请选择其一,例如 --map {example}。"),
    "dates_in_two_orders": ("dates come in two orders: {day_first} has the day first, {month_first} the month", "日期有两种写法:{day_first} 是日在前,{month_first} 是月在前"),
    "dates_in_two_orders.remedy": ('Write all dates as YYYY-MM-DD, or say the order: --map "{column}=date:dmy" or "...:mdy" sets the others aside.', '请统一写成 YYYY-MM-DD,或指定顺序:--map "{column}=date:dmy" 或 ":mdy",其余行会被搁置。'),
    "dates_ambiguous": ("{value} can be {day_first} or {month_first}, and no other row tells which", "{value} 可能是 {day_first},也可能是 {month_first},其他行也无法判断"),
    "dates_ambiguous.remedy": ('Say the order with --map "COLUMN={column}:dmy" (day first) or "COLUMN={column}:mdy".', '请用 --map "列名={column}:dmy"(日在前)或 "列名={column}:mdy" 指定顺序。'),
    # the network
    "network_cycle": ("the arc closes a cycle: {path}", "该供货关系形成环路:{path}"),
    "network_cycle.remedy": ("Take out the arc that does not carry goods; goods flow one way.", "请删除不实际发货的那条关系;货物只能单向流动。"),
    "network_dead_end": ("the arc {source} > {target} leads to no place that sells or holds anything", "供货关系 {source} > {target} 不通向任何有销售或库存的地点"),
    "network_dead_end.remedy": ("Correct the name of the place, or take the arc out.", "请更正地点名称,或删除该关系。"),
    "network_no_whole_units": ("the arc {arc} takes a number of units that can never be sent whole", "供货关系 {arc} 的用量永远无法整件发货"),
    "network_no_whole_units.remedy": ("Write how many units of the source make one of the target: a whole number, or a ratio of whole numbers up to 12.", "请填写每件下游商品所需的上游件数:整数,或不超过 12 的整数之比。"),
    "network_ways_disagree": ("the arc {arc} says something else than the other ways between its ends", "供货关系 {arc} 与两端之间其他路径的用量不一致"),
    "network_ways_disagree.remedy": ("Give all ways between two places the same product of quantity_per.", "请让两地之间每条路径上用量的乘积相同。"),
    # cells
    "missing_value": ("the cell is empty", "单元格为空"),
    "missing_value.remedy": ("Fill it in.", "请填写。"),
    "not_a_number": ("this is not a number", "这不是数字"),
    "not_a_number.remedy": ("Write a number such as 12 or 12.5.", "请填写数字,例如 12 或 12.5。"),
    "number_ambiguous": ("the comma can be a decimal comma or a thousands separator", "逗号可能是小数点,也可能是千位分隔符"),
    "number_ambiguous.remedy": ("Write numbers without thousands separators, with a decimal point.", "请不要使用千位分隔符,并用小数点表示小数。"),
    "not_finite": ("the number is infinite", "数值为无穷大"),
    "not_finite.remedy": ("Write the real number, or leave the cell empty.", "请填写实际数值,或留空。"),
    "not_whole": ("the number must be whole", "必须是整数"),
    "not_whole.remedy": ("Write a whole number of units.", "请填写整数。"),
    "too_small": ("the least that can be is {bound}", "不能小于 {bound}"),
    "too_small.remedy": ("Correct the number.", "请更正数值。"),
    "too_small_or_equal": ("it must be more than {bound}", "必须大于 {bound}"),
    "too_small_or_equal.remedy": ("Correct the number.", "请更正数值。"),
    "too_large": ("the most that can be is {bound}", "不能大于 {bound}"),
    "too_large.remedy": ("Correct the number.", "请更正数值。"),
    "too_large_or_equal": ("it must be less than {bound}", "必须小于 {bound}"),
    "too_large_or_equal.remedy": ("Correct the number.", "请更正数值。"),
    "not_a_date": ("this is not a date", "这不是日期"),
    "not_a_date.remedy": ("Write dates as YYYY-MM-DD.", "请使用 YYYY-MM-DD 格式。"),
    "date_out_of_range": ("the year lies outside {first} to {last}", "年份不在 {first} 至 {last} 之间"),
    "date_out_of_range.remedy": ("Correct the date.", "请更正日期。"),
    "not_a_flag": ("this is neither yes nor no", "这既不是“是”也不是“否”"),
    "not_a_flag.remedy": ("Write 1 or 0.", "请填写 1 或 0。"),
    "not_a_depth": ("this is no promotion", "无法识别的促销值"),
    "not_a_depth.remedy": ("Write 0, 1, or the depth of the price cut such as 0.2.", "请填写 0、1,或折扣幅度(例如 0.2)。"),
    "not_a_choice": ("this is none of: {choices}", "不在可选值之中:{choices}"),
    "not_a_choice.remedy": ("Use one of these words.", "请使用其中之一。"),
    "not_price_breaks": ("these are no price breaks", "无法识别的阶梯价"),
    "not_price_breaks.remedy": ('Write "100:9.50;500:9.00": from a quantity on, the unit price.', '请写成 "100:9.50;500:9.00"(起订数量:单价)。'),
    "not_order_days": ("these are no weekdays", "无法识别的星期"),
    "not_order_days.remedy": ('Write "mon,thu".', '请写成 "mon,thu"。'),
    "more_of_these": ("{count} more cells of this column have the same fault", "该列还有 {count} 个单元格有同样的错误"),
    "more_of_these.remedy": ("Correct them in the same way.", "请用同样方式更正。"),
    # rows together
    "too_many_set_aside": ("{count} of {rows} rows cannot be used; this is one of them", "{rows} 行中有 {count} 行无法使用,此为其中一例"),
    "too_many_set_aside.remedy": ("Check that the column is the right one (--map), and correct the file.", "请检查列是否对应正确(--map),并更正文件。"),
    "location_mixed": ("{count} of {rows} rows have no location, the others have one", "{rows} 行中有 {count} 行没有填写地点,其余行有"),
    "location_mixed.remedy": ("Give a location in every row, or in none.", "请每行都填写地点,或全部不填。"),
    "location_needed": ("the sales name several places ({places}), this table none", "销售表有多个地点({places}),而本表没有地点"),
    "location_needed.remedy": ("Add a column location.", "请添加 location 列。"),
    "repeated_row": ("the row repeats row {first}", "与第 {first} 行重复"),
    "repeated_row.remedy": ("Keep one of the two, or add them up.", "请保留其中一行,或合并相加。"),
    "min_above_max": ("min_stock is above max_stock", "min_stock 大于 max_stock"),
    "min_above_max.remedy": ("Correct one of them.", "请更正其中之一。"),
    "moq_above_max": ("moq is above max_quantity", "moq 大于 max_quantity"),
    "moq_above_max.remedy": ("Correct one of them.", "请更正其中之一。"),
    "end_before_start": ("the end lies before the start", "结束日期早于开始日期"),
    "end_before_start.remedy": ("Correct one of the dates.", "请更正其中一个日期。"),
    "estimate_needs_bounds": ("an estimate needs low <= value <= high, none below zero", "估计值需要满足 low <= value <= high,且不小于零"),
    "estimate_needs_bounds.remedy": ("Fill in low and high.", "请填写 low 和 high。"),
    "override_negative": ("demand cannot be set below zero", "需求不能设为负数"),
    "override_negative.remedy": ("Correct the value.", "请更正数值。"),
    "missing_rate": ("there is no rate for {currency} (home currency: {home})", "缺少 {currency} 的汇率(本位币:{home})"),
    "missing_rate.remedy": ("Add rows for {currency} to rates.csv: date, currency, rate.", "请在 rates.csv 中添加 {currency} 的行:date、currency、rate。"),
    "driver_not_ahead": ("there is no value for item {item} at {location} from {first} on, but the forecast begins on {today} and needs it", "商品 {item} 在 {location} 自 {first} 起没有数值,而预测从 {today} 开始,需要该数值"),
    "driver_not_ahead.remedy": ("Add the planned or expected values of the days ahead, or leave this driver out of the table.", "请补充未来各日的计划值或预期值,或从表中移除该因素。"),
    "bundle_in_itself": ("the bundle holds itself", "该组合包含了自身"),
    "bundle_in_itself.remedy": ("Take it out of its own components.", "请从其组件中移除自身。"),
    **FORM_FAULTS,
    **SET_ASIDE_BY_RULE,
    **RULE_FAULTS,
    **SERVICE_FAULTS,
}  # fmt: skip
"""Code -> what is wrong; code + ".remedy" -> what to do."""


def reason_of(code: str, details: Mapping[str, str], language: Language = Language.EN) -> str:
    """What is wrong, without place and remedy: the reason of a row set aside. An unknown code is shown as it is."""
    return _filled(code, details, language) if code in FAULTS else code


def fault_line(fault: Fault, language: Language = Language.EN) -> str:
    """One line for a fault: file, row, column, value, what is wrong, and the remedy."""
    blanks = {"column": fault.column or "", "value": fault.value or "", **fault.details}
    row, colon = ("row {row}", ": ") if language is Language.EN else ("第 {row} 行", "\uff1a")
    column = fault.column or ""
    if column and fault.code in RULE_FAULTS:  # a text has columns by number, a table by name
        column = f"column {column}" if language is Language.EN else f"第 {column} 列"
    place = [fault.file, row.format(row=fault.row) if fault.row is not None else "", column]
    where = (", " if language is Language.EN else "\uff0c").join(part for part in place if part)
    value = f" '{fault.value}'" if fault.value else ""
    said = f"{where}{value}{colon}" if where else ""
    stop = ". " if language is Language.EN else "。"
    remedy = f"{fault.code}.remedy"
    if remedy not in FAULTS:
        return said + reason_of(fault.code, blanks, language)
    return f"{said}{reason_of(fault.code, blanks, language)}{stop}{_filled(remedy, blanks, language)}"


def _filled(key: str, blanks: Mapping[str, str], language: Language) -> str:
    """The sentence with its blanks filled; a blank that the fault does not know stays empty."""
    return say(FAULTS, key, language).format_map(defaultdict(str, blanks))
