"""Guessing where the list begins in its file, and what its columns hold.

Above the list there may be a title; its heads may stand in several rows, merged, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from publications.models.topic import key_of
from subscribers.importing.judging import addresses_in, are_topics, is_language
from subscribers.importing.values import TOPIC_PREFIX, Cells, Column, Layout, Names

SAMPLE = 200  # rows that are looked at
MAX_HEADS = 3  # rows of them
MARKED = {"", "0", "1", "x", "y", "n", "yes", "no", "true", "false", "是", "否", "有", "无"} | {
    "√", "✓", "✔", "☑", "✗", "×", "-", "订阅", "不订阅",
}  # fmt: skip

# The ends of what units are called, and the hundred family names that most people have: by these
# a column without a head is known, where most of its cells agree.
UNIT_ENDS = (
    "局", "处", "科", "部", "院", "司", "室", "会", "厅", "委", "办", "所", "站", "队", "厂", "行",
    "府", "中心", "公司", "大学", "学校", "集团", "分局", "支队",
)  # fmt: skip
FAMILY_NAMES = set(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "欧阳上官司马诸葛肖闫付"
)

HEADS = {
    Column.ADDRESS: """
        邮箱 电子邮箱 电子邮件 电子邮件地址 邮件地址 邮箱地址 邮件 电邮 电子信箱 信箱 邮箱号
        工作邮箱
        常用邮箱 个人邮箱 单位邮箱 联系邮箱 接收邮箱 收件邮箱 備用邮箱 电子邮箱地址 邮箱账号
        電郵 電子郵件 電子郵箱 郵箱 電子郵件地址
        email e-mail mail emailaddress e-mailaddress mailaddress address emails workemail mailbox
    """,
    Column.NAME: """
        姓名 名字 联系人 称呼 读者 读者姓名 收件人 订户 用户 用户名 人员 中文名 員工姓名
        联系人姓名 全名 昵称 姓 名
        name fullname displayname contact contactname reader person recipient
        firstname lastname givenname familyname surname forename
    """,
    Column.UNIT: """
        单位 工作单位 部门 机构 单位名称 所在单位 所属单位 处室 科室 院系 学院 公司 公司名称
        企业 组织 所在部门 部门名称 所属部门
        單位 部門 機構 服务单位
        unit organisation organization company department institution office affiliation employer
        organisationname organizationname companyname
    """,
    Column.LANGUAGE: """
        语言 语种 邮件语言 首选语言 偏好语言 語言 語種
        language lang preferredlanguage locale
    """,
    Column.TOPICS: """
        主题 订阅主题 专题 栏目 订阅栏目 订阅内容 订阅 版块 板块 关注主题 关注 关注领域 兴趣
        感兴趣的主题 類別 类别 分类 主題 欄目
        topics topic sections section subscriptions subscription interests interest lists
        categories
    """,
}
_BY_HEAD = {key_of(word): column for column, words in HEADS.items() for word in words.split()}


def guess(rows: Sequence[Cells], names: Names, *, sheet: str = "") -> Layout | None:
    """Return where the list stands of which these are the first rows; None where no row has an
    address."""
    rows = rows[:SAMPLE]
    having = [_address_columns(row) for row in rows]
    first = next((n for n, found in enumerate(having) if found), None)
    if first is None:
        return None
    last_head = _last_head(rows, before=first, names=names)
    begins = first if last_head is None else last_head + 1
    heads = () if last_head is None else _heads(rows, last_head)
    width = max(map(len, rows[begins:]), default=0)
    heads = (*heads, *[""] * (width - len(heads)))
    columns = _columns(heads, rows[begins:], having[begins:], names)
    return Layout(sheet=sheet, first_row=begins + 1, columns=columns, heads=heads)


def count_addresses(rows: Sequence[Cells]) -> int:
    """Return how many of these rows have an address."""
    return sum(bool(_address_columns(row)) for row in rows[:SAMPLE])


def meaning_of(head: str, names: Names) -> str:
    """Return what a column with that head holds; Column.NOTHING where the head does not say.

    Of heads that were merged, the last tells, and one in brackets nothing: 邮箱（必填）.
    """
    for part in reversed(head.split(" / ")):
        bare = part.partition("（")[0].partition("(")[0].strip(" *:：")
        key = key_of(bare)
        if key in _BY_HEAD:
            return _BY_HEAD[key].value
        if key in names.topics:
            return f"{TOPIC_PREFIX}{names.topics[key]}"
    return Column.NOTHING.value


def _address_columns(row: Cells) -> list[int]:
    return [n for n, cell in enumerate(row) if "@" in cell or "＠" in cell if addresses_in(cell)]


def _last_head(rows: Sequence[Cells], *, before: int, names: Names) -> int | None:
    """Return the index of the last row of heads: the last above the addresses in which the words
    of heads stand; else the row right above them, if it has no sign of an address either."""
    for index in reversed(range(before)):
        if any(cell and meaning_of(cell, names) for cell in rows[index]):
            return index
    above = rows[before - 1] if before else ()
    several = sum(map(bool, above)) > 1 or len(rows[before]) == 1
    return before - 1 if any(above) and several and "@" not in "".join(above) else None


def _heads(rows: Sequence[Cells], last: int) -> Cells:
    """Return the heads down to that row, each with those above it: a merged one stands in its
    first cell alone. A row with one cell is a title."""
    lines = [list(rows[last])]
    for index in reversed(range(max(0, last - MAX_HEADS + 1), last)):
        if sum(map(bool, rows[index])) < 2:
            break
        lines.insert(0, list(rows[index]))
    width = max(map(len, lines))
    lines = [line + [""] * (width - len(line)) for line in lines]
    for above, below in pairwise(lines):
        _spread(above, below)
    joined = (dict.fromkeys(filter(None, column)) for column in zip(*lines, strict=True))
    return tuple(" / ".join(" ".join(part.split()) for part in column) for column in joined)


def _spread(above: list[str], below: list[str]) -> None:
    """Repeat a merged head over those below it."""
    for n in range(1, len(above)):
        if not above[n] and below[n]:
            above[n] = above[n - 1]


def _columns(
    heads: Cells, rows: Sequence[Cells], having: Sequence[list[int]], names: Names
) -> tuple[str, ...]:
    found = [meaning_of(head, names) for head in heads]
    for n, column in enumerate(found):
        if column.startswith(TOPIC_PREFIX) and not _are_marks(n, rows):
            found[n] = Column.NOTHING.value
    for n, head in enumerate(heads):
        if not head:
            found[n] = _meaning_of_cells([row[n] for row in rows if len(row) > n and row[n]], names)
    counts = [sum(n in each for each in having) for n in range(len(found))]
    most = max(counts, default=0)
    for n, count in enumerate(counts):
        if count and (count == most or count * 2 > len(rows)):
            found[n] = Column.ADDRESS.value
        elif found[n] == Column.ADDRESS and not count:
            found[n] = Column.NOTHING.value
    return tuple(found)


def _meaning_of_cells(cells: Sequence[str], names: Names) -> str:
    """Return what cells without a head hold, as far as most of them say so."""
    tests: tuple[tuple[Column, Callable[[str], bool]], ...] = (
        (Column.LANGUAGE, is_language),
        (Column.TOPICS, lambda cell: are_topics(cell, names)),
        (Column.UNIT, lambda cell: cell.endswith(UNIT_ENDS)),
        (Column.NAME, lambda cell: 2 <= len(cell) <= 4 and cell[0] in FAMILY_NAMES),
    )
    for column, test in tests:
        least = 1.0 if column in {Column.LANGUAGE, Column.TOPICS} else 0.6
        if cells and sum(map(test, cells)) >= least * len(cells):
            return column.value
    return Column.NOTHING.value


def _are_marks(n: int, rows: Sequence[Cells]) -> bool:
    return all(row[n].casefold() in MARKED for row in rows if len(row) > n)
