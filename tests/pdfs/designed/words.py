"""What designed issues say: sentences of the manuscripts at hand, headlines, names and facts."""

from __future__ import annotations

import random
import re
from functools import cache
from pathlib import Path

from samples import manuscript

TOP = Path(__file__).parents[3]
LANGUAGES = ("en", "en", "en", "zh", "zh", "zh-hant")
TEXTS = {
    "en": ("samples/ostermere-2026-09.md", "tests/pdfs/harbour.md", "tests/pdfs/mill.md"),
    "zh": ("samples/yunze-2026-09.md", "tests/pdfs/yulin.md"),
    "zh-hant": ("tests/pdfs/ferry.md",),
}
MORE = {
    "zh-hant": "圖書館自下週起延長開放時間，閉館時間由晚上九點改為十點半。讀者可在入口處領取新的借閱證，舊證使用到年底為止。"
    "環境學院舉辦第三屆河流觀察活動，面向全校招募志工四十名。報名者須參加一次安全訓練，地點為實驗樓二層會議室。"
    "信息中心將於週六凌晨更換核心設備，屆時網路中斷約四小時。合唱團招收新成員，不要求有演出經驗。"
    "新的碼頭比舊的長十二公尺，可以同時停靠三艘渡輪。去年的水位比往年低，潮汐站的紀錄中斷了兩次。"
    "農業推廣站把種子分給四個村子，收成後歸還同樣的數量。博物館的屋頂正在修理，展覽改在舊鹽倉裡舉行。",
}
SUBJECTS = {
    "en": [
        "The library van", "Boat house roof", "Salt works", "The harbour walk", "Spring tide survey", "Study circle", "New grants", "School garden",
        "The old crane", "Night ferry", "Reed beds", "Town archive", "Robot league", "Chess evening", "The reading room", "Bee keepers", "Winter market",
    ],
    "zh": ["图书馆", "河流观察站", "校医院", "合唱团", "信息中心", "农业推广站", "潮汐博物馆", "渡口管理处", "技术合同", "湿地保护区", "水土保持调查", "食堂", "档案室", "机器人协会"],
    "zh-hant": ["圖書館", "河流觀察站", "校醫院", "合唱團", "信息中心", "農業推廣站", "潮汐博物館", "渡口管理處", "濕地保護區", "檔案室", "機器人協會"],
}  # fmt: skip
PREDICATES = {
    "en": [
        "changes its round", "open to schools of the whole county this summer", "needs helpers", "report", "in figures", "wins a prize of the northern schools",
        "moves to the old mill", "– what comes next?", "visit", "at half past seven", "under repair until the end of May", "2026", "and its neighbours", "!",
    ],
    "zh": ["延长开放时间", "志愿者招募", "秋季招新", "停机通知", "通过验收", "上半年同比增长12.6%", "开展第三次联合演练，覆盖沿河五县", "新馆启用", "工作安排", "情况通报", "如何布局？"],
    "zh-hant": ["延長開放時間", "志工招募", "秋季招新", "停機通知", "通過驗收", "新館啟用", "工作安排", "情況通報", "如何布局？"],
}  # fmt: skip
SECTIONS = {
    "en": ["News", "From the committee", "Research highlights", "People and places", "Events", "Did you know", "Sports desk", "Notices"],
    "zh": ["校园", "通知公告", "科研进展", "地方动态", "活动预告", "数据与图表", "人才与教育"],
    "zh-hant": ["校園", "通知公告", "科研進展", "地方動態", "活動預告", "人才與教育"],
}  # fmt: skip
TITLES = {
    "en": ["Westry Views", "The Ferry Post!", "Heath & Harbour", "THE LANTERN", "Mill Lane Newsletter", "Department of Tides Quarterly", "Notes from the Quay"],
    "zh": ["云泽晨讯", "河谷简报", "水务之窗", "校园周报", "云泽市数据统计周报"],
    "zh-hant": ["渡口通訊", "河谷簡報", "潮汐之窗"],
}  # fmt: skip
MOTTOES = {
    "en": ["A letter to all who live by the water", "Reading, rowing, repairing", "Newsletter for the parish"],
    "zh": ["“数据好看，平安。”", "求实 · 创新", "内部资料　免费交流"],
    "zh-hant": ["求實 · 創新", "內部資料　免費交流"],
}  # fmt: skip
SUB_HEADINGS = {
    "en": ["What was done", "How to take part", "Costs", "Where and when", "Next steps", "Thanks"],
    "zh": ["主要做法", "存在问题", "下一步安排", "时间地点", "报名方式"],
    "zh-hant": ["主要做法", "存在問題", "下一步安排", "時間地點", "報名方式"],
}
NOTES = {
    "en": ["Dear friends,", "Welcome to a new issue!"],
    "zh": ["各位读者：", "编者按："],
    "zh-hant": ["各位讀者：", "編者按："],
}
SLOGANS = {
    "en": ["Happy New Year to all our readers!", "SAVE THE DATE", "Call 0134 555 019 today", "Helpers wanted – just turn up", "www.example.org/harbour", "Free admission"],
    "zh": ["祝各位读者新年快乐！", "欢迎投稿", "咨询电话：0134-5550199", "名额有限，先到先得"],
    "zh-hant": ["祝各位讀者新年快樂！", "歡迎投稿", "洽詢電話：0134-5550199", "名額有限，先到先得"],
}  # fmt: skip
NAMES = {"en": ["Anna Reed", "J. Whitlock", "Marta Oyen, secretary"], "zh": ["林青", "周望潮", "许知行"], "zh-hant": ["林青", "周望潮", "許知行"]}  # fmt: skip
DATES = {
    "en": ["Mon 3 May, 7 pm", "Tuesday 11th", "15 May", "Sat 22 May 10.00", "Every Friday"],
    "zh": ["5月3日（周一）19:00", "5月11日", "每周五", "5月22日上午"],
    "zh-hant": ["5月3日（週一）19:00", "5月11日", "每週五", "5月22日上午"],
}
SIGNED = {"en": "For the committee", "zh": "编辑部", "zh-hant": "編輯部"}
CAPTIONS = {"en": ["The pier in April", "Fig. 1. The gauge on the hill", "Helpers at the gate"], "zh": ["图1　渡口全景", "活动现场"], "zh-hant": ["圖1　渡口全景", "活動現場"]}  # fmt: skip
TEAMS = {
    "en": ["Team Gannet – hull", "Team Plover – motor", "Team Heron – brakes", "Team Curlew – press"],
    "zh": ["第一组　船体", "第二组　电机", "第三组　制动", "第四组　宣传"],
    "zh-hant": ["第一組　船體", "第二組　電機", "第三組　制動", "第四組　宣傳"],
}  # fmt: skip
_MONTHS = "January February March April May June July August September October November December"


@cache
def sentences(language: str) -> tuple[str, ...]:
    """The sentences of all manuscripts in a language."""
    texts = [
        passage["text"]
        for name in TEXTS[language]
        for section in manuscript.read(TOP / name)["sections"]
        for article in section["articles"]
        for passage in article["passages"]
        if passage["kind"] == "paragraph" and not manuscript.LINK.search(passage["text"])
    ]
    ends = r"(?<=[.?!]) (?=[A-Z])" if language == "en" else r"(?<=[。！？])"
    found = re.split(ends, (" " if language == "en" else "").join([*texts, MORE.get(language, "")]))
    return tuple(sentence.strip() for sentence in found if len(sentence) > 12)


def paragraph(draw: random.Random, language: str) -> str:
    """Some sentences that stand together nowhere else."""
    most = 5 if language == "en" else 4
    chosen = draw.sample(sentences(language), k=draw.randint(2, most))
    return (" " if language == "en" else "").join(chosen)


def headlines(draw: random.Random, language: str) -> list[str]:
    """All headlines, in an order by lot; no two of one subject and predicate. Those of some issues
    are as long as a sentence."""
    join = " " if language == "en" else ""
    pairs = [(s, p) for s in SUBJECTS[language] for p in PREDICATES[language]]
    draw.shuffle(pairs)
    found = [f"{s}{'' if p == '!' else join}{p}" for s, p in pairs]
    long = draw.choice([0.0, 0.0, 0.3, 0.9])
    return [_longer(draw, one, language) if draw.random() < long else one for one in found]


def _longer(draw: random.Random, headline: str, language: str) -> str:
    sentence = draw.choice(sentences(language))
    if language == "en":
        return f"{headline}: {' '.join(sentence.split()[: draw.randint(4, 10)]).rstrip('.,;:')}"
    return f"{headline}：{re.split('[，。；、]', sentence)[0]}"


def byline(draw: random.Random, language: str) -> str:
    """Who wrote an article, as printed below its headline."""
    name = draw.choice(NAMES[language])
    return f"{draw.choice(['By ', 'by ', ''])}{name}" if language == "en" else f"文／{name}"


def number(draw: random.Random, language: str) -> str:
    """The number of an issue as printed; "" for none."""
    n, t = draw.randint(1, 30), draw.randint(100, 300)
    forms = {
        "en": ["No. {n}", "Vol. 3, No. {n}", "Volume IV no. {n}", "Issue {n}", "VOL 2, ISSUE {n}", "Vol. {n}", ""],
        "zh": ["第{n}期", "总第{t}期", "2026年第{n}期（总第{t}期）", "No.{n}", ""],
        "zh-hant": ["第{n}期", "總第{t}期", "No.{n}", ""],
    }  # fmt: skip
    return draw.choice(forms[language]).format(n=n, t=t)


def date(draw: random.Random, language: str) -> tuple[str, str]:
    """A date as printed, and as it is to be read; ("", "") for none."""
    y, m, d = draw.randint(2014, 2026), draw.randint(1, 11), draw.randint(1, 28)
    name, following = _MONTHS.split()[m - 1 : m + 1]
    day, month = f"{y}-{m:02}-{d:02}", f"{y}-{m:02}"
    if language == "en":
        season = draw.choice(["Spring", "Summer", "Autumn", "Winter"])
        return draw.choice([
            (f"{d} {name} {y}", day), (f"{name} {d}, {y}", day), (f"{name} {y}", month), (f"{name[:3].upper()} {y}", month),
            (f"{season} {y}", f"{y} ({season})"), (f"{name}/{following} {y}", f"{month}/{m + 1:02}"), (f"{y}–{(y + 1) % 100}", f"{y}-{(y + 1) % 100:02}"), ("", ""),
        ])  # fmt: skip
    return draw.choice([
        (f"{y}年{m}月{d}日", day), (f"{y}.{m}.{d}", day), (f"{y}年{m}月", month), (f"{y}年春季" if language == "zh" else f"{y}年夏季", f"{y} ({'Spring' if language == 'zh' else 'Summer'})"), ("", ""),
    ])  # fmt: skip
