"""Names of people as they stand below headlines: Chinese ones, by their surname."""

from __future__ import annotations

import re

# The hundred most frequent surnames, in both scripts, and those of two characters.
_SURNAMES = (
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何高林罗羅郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧曹彭曾肖"
    "蕭田董袁潘于蒋蔣蔡余杜叶葉程苏蘇魏吕呂丁任沈姚卢盧姜崔钟鍾鐘谭譚陆陸汪范金石廖贾賈夏韦韋付傅方白"
    "邹鄒孟熊秦邱江尹薛闫閆阎閻段雷侯龙龍史陶黎贺賀顾顧毛郝龚龔邵万萬钱錢严嚴覃武戴莫孔向汤湯岳施洪"
)
_LONG_SURNAMES = "欧阳|歐陽|司马|司馬|上官|诸葛|諸葛"
_ROLES = "牧师|牧師|传道|傳道|长老|長老|老师|老師|教授|博士|院士|同学|同學|记者|記者"
_NAME = rf"(?:[{_SURNAMES}]\s?|{_LONG_SURNAMES})[\u4e00-\u9fff]{{1,2}}(?:\s*(?:{_ROLES}))?"
_NAMES = re.compile(rf"{_NAME}(?:[\s、，,]*{_NAME})*")


def are_people(line: str) -> bool:
    """Return whether a line is the names of people and nothing else."""
    return bool(_NAMES.fullmatch(line.strip()))
