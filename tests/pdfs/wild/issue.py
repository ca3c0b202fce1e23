"""Issues put together by lot from the manuscripts at hand: other sections, other lengths, other
manners of naming the source, so that no two have one build."""

from __future__ import annotations

import random
from copy import deepcopy
from pathlib import Path
from typing import Any

from samples import manuscript
from tests.pdfs import as_html

TOP = Path(__file__).parents[3]
TEXTS = {
    "zh": ("samples/yunze-2026-09.md", "tests/pdfs/yulin.md"),
    "en": ("samples/ostermere-2026-09.md", "tests/pdfs/harbour.md", "tests/pdfs/mill.md"),
}
TITLES = {
    "zh": ["湖区科技动态", "河谷决策参考", "水务信息周报", "科技工作简报", "标准化快讯", "院务通讯"],
    "en": ["Lakes & Rivers Weekly", "The Open Bench", "Policy Digest", "Research Update", "Field Notes", "Society News"],
}  # fmt: skip
NUMBERS = {
    "zh": ["第{n}期", "2026年第{n}期", "2026年第{n}期（总第{t}期）", "总第{t}期"],
    "en": ["No. {n}", "Issue {t}", "Vol. 7, No. {n}", "Volume 7 Issue {n}"],
}
PUBLISHERS = {
    "zh": ["云泽湖区科技信息所", "河谷科学传播中心", "湖区水务局办公室", "榆林河谷农业大学图书馆"],
    "en": ["Institute for Coastal Works", "Ostermere Institute of Science", "Lakes Water Council"],
}
SECTIONS = {
    "zh": ["政策要闻", "科研进展", "地方动态", "国际视野", "专家观点", "行业资讯", "人才与教育", "数据与图表"],
    "en": ["Policy", "Research highlights", "From the regions", "People and places", "Data corner", "International news", "Funding", "Events and training"],
}  # fmt: skip
HEADLINES = {
    "zh": [
        "全区启动新一轮水土保持调查", "三部门联合发文规范实验室用气安全", "“十五五”期间如何布局小型水库？",
        "5G+智慧灌溉示范区通过验收", "上半年技术合同成交额同比增长12.6%", "湖区首个零碳渔港投入使用",
        "关于做好2026年度科技统计工作的通知", "专家建议：把湿地保护写进乡规民约", "新型膜材料让苦咸水变甜",
        "长三角与湖区共建检测联盟", "《湖泊保护条例》修订草案公开征求意见", "农业大学与渔业合作社签约",
    ],
    "en": [
        "New grants for small museums", "What the census says about wells", "Ten years of open data",
        "Why do bees prefer the old quay?", "EU and UK labs agree on one format", "A 12% rise in patent filings",
        "Call for papers: water and memory", "Peat is back on the agenda", "Rules for drones over reed beds",
        "Students build a tide machine", "Staff news and appointments", "Workshop report: measuring noise at night",
    ],
}  # fmt: skip
BODIES = {
    "zh": [
        "科技部网站",
        "新华网",
        "湖区管理委员会",
        "《湖区日报》",
        "国家知识产权局",
        "省农业科学院",
    ],
    "en": [
        "Nature News",
        "Bay Survey",
        "European Commission",
        "The Lake Gazette",
        "Port Authority",
    ],
}
SOURCES = {
    "zh": [
        "（来源：{}）",
        "来源：{}",
        "【来源：{}】",
        "信息来源：{}",
        "（摘自：{}）",
        "（来源：{} 2026-03-12）",
        "",
        "",
    ],
    "en": ["(Source: {})", "Source: {}", "[Source: {}]", "", "", ""],
}
BRIEF = {"zh": "会议预告", "en": "Dates for your diary"}


def issue_of(seed: int) -> dict[str, Any]:
    """The issue of a seed, in the form of `samples.manuscript.read`."""
    draw = random.Random(seed)
    language = draw.choice(["zh", "zh", "en"])
    pool = _pool(language)
    draw.shuffle(pool)
    sections = _sections(draw, language, pool)
    form = draw.choice(SOURCES[language])
    for section in sections:
        for article in section["articles"]:
            _sourced(draw, article, form, language)
    n = draw.randint(1, 50)
    month, day = draw.randint(1, 12), draw.randint(1, 28)
    issue: dict[str, Any] = {
        "title": draw.choice(TITLES[language]),
        "number": draw.choice(NUMBERS[language]).format(n=n, t=n + 130),
        "date": f"2026-{month:02}" + (f"-{day:02}" if language == "zh" else ""),
        "publisher": draw.choice(PUBLISHERS[language]),
        "language": language,
        "sections": sections,
    }
    return issue | {"printed_date": as_html.printed_date(issue)}


def _pool(language: str) -> list[dict[str, Any]]:
    return [
        article
        for text in TEXTS[language]
        for section in manuscript.read(TOP / text)["sections"]
        for article in section["articles"]
    ]


def _sections(
    draw: random.Random, language: str, pool: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    heads = draw.sample(HEADLINES[language], k=len(HEADLINES[language]))
    number = draw.choice([0, 0, 2, 3, 4, 5])
    most = draw.choice([2, 4])
    titles = draw.sample(SECTIONS[language], k=number) if number else [""]
    sections = []
    for title in titles:
        count = draw.randint(1, most) if number else draw.randint(4, 10)
        articles = [
            _article(draw, pool.pop(), heads, language) for _ in range(min(count, len(pool)))
        ]
        if articles:
            sections.append({"title": title, "articles": articles})
    return sections


def _article(
    draw: random.Random, article: dict[str, Any], heads: list[str], language: str
) -> dict[str, Any]:
    """An article with another headline or less text, at times."""
    article = deepcopy(article)
    if heads and draw.random() < 0.4:
        article["title"] = heads.pop()
        article["title_lines"] = [article["title"]]
        article["subtitle"] = ""
    if draw.random() < 0.5:
        paragraphs = [p for p in article["passages"] if p["kind"] == "paragraph"]
        article["passages"] = paragraphs[: draw.randint(1, 3)]
    if draw.random() < 0.6:
        article["credits"] = []
    return article


def _sourced(draw: random.Random, article: dict[str, Any], form: str, language: str) -> None:
    if not form:
        article |= {"source": "", "source_line": ""}
        return
    body = draw.choice(BODIES[language])
    line = form.format(body)
    name = line.strip("（）()[]【】").split("：" if language == "zh" else ": ", 1)[1]
    article |= {"source": name, "source_line": line}
