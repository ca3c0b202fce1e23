"""Phrases that tell whether words are told apart: what readers type, beside what is printed."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from subscribers.forms import KeywordAlertsField
from subscribers.keywords import query
from subscribers.keywords.query import split
from tests.subscribers.test_keywords import found

STANDS = [
    # what readers met
    ("机器人", "机器人缺“打工人”"),
    ("人机共融", "人机共融的技术路线"),
    ("機器人", "工业机器人"),
    ("中国", "中国科学院"),
    ("人机", "智能人机交互"),
    ("AI", "AI 赋能"),
    ("ＡＩ", "用AI开发"),
    ("AR", "AR眼镜"),
    ("cobots", "协作机器人（Cobot）"),
    ("micro-led", "Micro LED 显示屏"),
    ("micro-led", "MicroLED"),
    ("知识 产权", "知识产权局"),
    ("robot", "Robot到家"),
    ("２０２２", "2022年"),
    ("intellectual property", "Intellectual-property law"),
    ("heat pump", "Heat pumps in stone houses"),
    ("coal fired", "coal-fired plants"),
    ("pumped storage", "pumped-storage plants"),
    ("library's", "the library’s roof"),
    ("IT", "the IT department"),
    # Chinese: the dictionary's words, and what is made of them
    ("人工智能", "推进人工智能化改造"),
    ("人工智能", "生成式人工智能服务"),
    ("大学", "北京大学发布排名"),
    ("数据", "大数据中心"),
    ("新能源", "新能源汽车产销两旺"),
    ("生命科学", "研究生命科学的人"),
    ("发展中国家", "发展中国家的债务"),
    ("量子计算", "量子计算机问世"),
    ("高等教育", "修订高等教育法"),
    ("数据安全", "《数据安全法》施行"),
    ("固态电池", "全固态电池量产"),
    ("华为", "华为技术有限公司"),
    ("银行", "中国人民银行"),
    ("人民银行", "中国人民银行"),
    ("北京", "北京市政府"),
    ("上海", "上海市浦东新区"),
    ("浦东", "上海市浦东新区"),
    ("美国", "中美国家之间"),
    ("专精特新", "“专精特新”企业"),
    ("十四五规划", "“十四五”规划纲要"),
    ("双碳目标", "实现「雙碳」目標"),
    ("卡尔马克思", "卡尔·马克思的书"),
    ("卡尔·马克思", "卡尔·马克思的书"),
    ("《数据安全法》", "数据安全法的施行"),
    ("台灣", "台湾地区"),
    ("2万亿", "超2万亿元"),
    ("10亿", "约１０亿元"),
    ("脑 机 接口", "脑机接口"),
    ("知识产权", "知识\n产权"),
    # single characters
    ("茶", "春茶上市"),
    ("煤", "煤炭产量"),
    ("税", "增值税改革"),
    ("锂", "锂电池材料"),
    # Chinese and Latin letters, figures and units
    ("5G手机", "5G 手机出货量"),
    ("5g", "５Ｇ基站"),
    ("AI芯片", "“AI”芯片"),
    ("B超", "做B超检查"),
    ("工业4.0", "走向工业4.0"),
    ("PM2.5", "PM2.5浓度"),
    ("CO2", "CO₂排放"),
    ("CO₂", "CO2 emissions"),
    ("GPT4", "GPT-4发布"),
    ("GPT-4", "GPT4发布"),
    ("1.5 km", "a 1.5km tunnel"),
    ("20km", "20 km away"),
    ("10000", "some 10,000 people"),
    ("ISO 9001:2015", "by ISO 9001:2015"),
    # English
    ("analysis", "several analyses"),
    ("analyses", "one analysis"),
    ("crisis", "two crises"),
    ("policy", "new policies"),
    ("universities", "a university"),
    ("child", "the children’s books"),
    ("women", "every woman"),
    ("criterion", "by these criteria"),
    ("gas", "greenhouse gases"),
    ("bus", "electric buses"),
    ("wi-fi", "free WiFi"),
    ("wifi", "a Wi-Fi network"),
    ("Wi Fi", "WIFI"),
    ("e-mail", "by email"),
    ("cooperation", "co-operation"),
    ("co-operated", "they cooperate"),
    ("data centre", "data-centres"),
    ("data centre", "Datacenters"),
    ("data center", "data centres"),
    ("labour market", "the labor market"),
    ("organization", "organisations"),
    ("US", "the US government"),
    ("US", "the U.S. market"),
    ("U.S.", "the US market"),
    ("WHO", "WHO’s report"),
    ("AIDS", "AIDS patients"),
    ("LLMs", "an LLM"),
    ("EV", "EVs sell"),
    ("PhD", "two PhDs"),
    ("COVID-19", "the Covid-19 pandemic"),
    ("covid 19", "COVID19"),
    ("C++", "学习C++语言"),
    ("C#", "C# code"),
    (".NET", "the .NET framework"),
    ("Node.js", "with Node.js"),
    ("R&D", "R＆D spending"),
    ("AI", "“AI+”行动"),
    ("AI", "AI＋医疗"),
    ("AI+", "AI+制造"),
    ("AI+医疗", "AI+医疗"),
    ("5G", "5G+工业互联网"),
    ("5G+工业互联网", "5G＋工业互联网"),
    ("互联网+政务", "“互联网+政务服务”"),
    ("维生素C", "维生素C+E"),
    ("A+", "A+轮融资"),
    ("Disney+", "Disney+ subscribers"),
    ("C++", "C++20 标准"),
    ("中歐班列", "中欧班列开行"),
    ("半导体", "半導體產業"),
    ("埃隆马斯克", "埃隆·马斯克"),
    ("家具", "傢俱出口"),
    ("答覆", "就提案作出答复"),
    ("乾坤", "扭转乾坤之举"),
    ("干旱", "持續乾旱"),
    ("碳中和", "實現碳達峰碳中和"),
    ("東數西算", "“东数西算”工程"),
    ("后量子密码", "後量子密碼標準"),
    ("台積電", "台积电扩产"),
    ("粵港澳大灣區", "粤港澳大湾区建设"),
    ("医保", "国家医保局"),
    ("低空经济", "发展低空经济"),
    ("长江经济带", "推动长江经济带发展"),
    ("雄安新区", "河北雄安新区规划"),
    ("基因编辑", "基因 编辑技术"),
    ("光刻机", "EUV光刻机"),
    ("专精特新 中小企业", "“专精特新”中小企业"),
    ("6G", "面向６Ｇ的研究"),
    ("深圳", "深圳市南山区"),
    ("氢 煤", "氢煤混烧"),
    ("3d 打印", "３Ｄ打印"),
    ("nations", "a nation"),
    ("departments", "the department"),
    ("TCP/IP", "over TCP/IP"),
    ("A/B testing", "an A/B test"),
    ("rock 'n' roll", "rock ’n’ roll"),
    ("smart city", "the “smart” city"),
    ("naïve", "a naive plan"),
    ("Zurich", "in Zürich"),
    ("“open source”", "Open-source tools"),
    ("US$", "US$5 billion"),
    ("US", "the US, which paid US$5"),
    ("solar panels", "a solar-panel maker"),
    ("windfarm", "two wind farms"),
    ("child-care", "childcare for all"),
    ("R&D", "R&D-heavy firms"),
    ("3D printing", "3-D printing"),
    ("e-bikes", "an e bike"),
    ("O'Brien", "Mr O’Brien"),
    ("water quality", "Water-quality tests"),
    ("Sao Paulo", "in São Paulo"),
    ("NHS", "NHS’s waiting list"),
    ("majority", "two majorities"),
    ("mobilisation", "troops were mobilized"),
    ("officer", "the officers"),
    ("recession", "Recessions end"),
    ("economic", "the economics of it"),
]
STANDS_NOT = [
    ("中国", "其中国家级园区"),
    ("人机", "无人机"),
    ("大学", "重大学术成果"),
    ("大学", "大学生"),
    ("北京大学", "北京大学生活动"),
    ("研究生", "研究生命科学"),
    ("美国", "完美国度"),
    ("日本", "今日本报讯"),
    ("京东", "北京东城区"),
    ("南京", "河南京剧院"),
    ("法国", "合法国家"),
    ("平台", "和平台阶"),
    ("国会", "中国会议"),
    ("会计", "社会计划"),
    ("经济", "经济学"),
    ("海上", "上海上市公司"),
    ("子公", "电子公司"),
    ("金", "基金会"),
    ("氢", "青山"),
    ("5G", "15G 流量"),
    ("5G", "5GHz"),
    ("1.5", "1.55"),
    ("000", "10,000"),
    ("AI", "AIDS"),
    ("AI", "said"),
    ("AR", "ARM Core"),
    ("IT", "it"),
    ("US", "contact us"),
    ("WHO", "who said so"),
    ("AIDS", "it aids us"),
    ("GPT-4", "gpt-5"),
    ("C++", "the C language"),
    (".NET", "net income"),
    ("policy", "police officers"),
    ("C", "C++"),
    ("A+", "A轮融资"),
    ("unit", "the United Nations"),
    ("nations", "national parks"),
    ("department", "trains depart"),
    ("apart", "new apartments"),
    ("custom", "every customer"),
    ("emerging", "an emergency"),
    ("initial", "an initiative"),
    ("public", "a publication"),
    ("relation", "a relative"),
    ("universe", "university"),
    ("business", "busy people"),
    ("import", "important"),
    ("experience", "experiments"),
    ("engine", "engineers"),
    ("goods", "a good idea"),
    ("customs", "a local custom"),
    ("train", "strain"),
    ("heat pump", "heat, pump"),
    ("TCP/IP", "TCP, IP"),
    ("US", "for US$5 billion"),
    ("HK", "HK$12 a share"),
    ("security", "a securities firm"),
    ("design", "a designated area"),
    ("format", "rock formations"),
    ("major", "a majority"),
    ("minor", "ethnic minorities"),
    ("human", "humanity"),
    ("physics", "physical education"),
    ("mobile", "to mobilise people"),
    ("rail", "a railing"),
    ("wind", "a winding road"),
    ("interest", "how interesting"),
    ("fertiliser", "a fertile plain"),
    ("contract", "a contraction of trade"),
    ("office", "a police officer"),
    ("success", "the succession"),
    ("access", "the accession of Albania"),
    ("critic", "critical minerals"),
    ("logic", "as is logical"),
    ("大连", "最大连续功率"),
    ("市场", "城市场景"),
    ("机场", "手机场景"),
    ("地铁", "当地铁路部门"),
    ("科学", "学科学习"),
    ("江西", "长江西岸"),
    ("湖北", "太湖北岸"),
    ("能源", "智能源头"),
    ("中医", "其中医药"),
    ("“open source”", "open sources"),
    ("人工智能 -教育", "人工智能教育"),
    ("AI －教育", "AI 教育"),
]


@pytest.mark.parametrize(("phrase", "text"), STANDS)
def test_it_stands_there(phrase: str, text: str) -> None:
    assert found(phrase, text)


@pytest.mark.parametrize(("phrase", "text"), STANDS_NOT)
def test_it_does_not_stand_there(phrase: str, text: str) -> None:
    assert not found(phrase, text)


@pytest.mark.parametrize("phrase", sorted({phrase for phrase, _ in STANDS + STANDS_NOT}))
def test_each_finds_itself(phrase: str) -> None:
    assert " -" in phrase or "－" in phrase or found(phrase, f"。{phrase}。")


@pytest.mark.parametrize(
    ("typed", "keywords"),
    [
        ("AI，机器人；氢能,heat pump;5G手机", ["AI", "机器人", "氢能", "heat pump", "5G手机"]),
        ("10,000 homes, 2022,2023", ["10,000 homes", "2022", "2023"]),
        ("“水，和电”、煤", ['"水，和电"', "煤"]),
    ],
)
def test_what_is_typed_is_parted(typed: str, keywords: list[str]) -> None:
    assert split(typed) == keywords


def test_the_marked_words_are_those_of_the_text() -> None:
    assert found("十四五规划", "落实“十四五”规划。") == ["十四五”规划"]
    assert found("双碳", "实现“双碳”目标") == ["双碳"]
    assert found("CO2", "less CO₂.") == ["CO₂"]


def test_ten_thousand_are_refused() -> None:
    typed = "，".join(f"词{n}" for n in range(10_000))
    with pytest.raises(ValidationError, match="10"):
        KeywordAlertsField(required=False).clean(typed)


@pytest.mark.parametrize(
    "typed", ["AI -AI", '水库 -"水库"', "reservoir dam -Reservoirs", "水利工程 -水利"]
)
def test_what_leaves_out_what_it_looks_for_is_refused(typed: str) -> None:
    with translation.override("en"), pytest.raises(ValidationError, match="finds nothing"):
        KeywordAlertsField(required=False).clean(typed)
    for kept in "水利 -水利工程", "ai -AI", "dam -damage":
        assert KeywordAlertsField().clean(kept) == [kept]


def test_a_phrase_of_three_hundred_characters_is_refused_with_its_beginning() -> None:
    field = KeywordAlertsField(required=False)
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        field.clean("人工智能" * 75)
    with translation.override("en"):
        said = str(refused.value)
    assert "at most 60" in said
    assert len(said) < 200
    assert found("人工智能" * 75, "人工智能") == []
    assert query.MAX_LENGTH == 60
