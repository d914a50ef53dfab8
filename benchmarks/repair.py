"""Decode and repair beside ftfy, charset-normalizer and chardet, in one process: quality and ratios of time.

    python benchmarks/repair.py                     the project's own cases
    python benchmarks/repair.py --data FOLDER       and the sets of a folder that holds `encoding/`, `noise/`, `typos/`

Ratios are medians over documents of about 4 KB of the best of several runs; compare ratios, not times. Detectors that
are not installed are left out.
"""

from __future__ import annotations

import argparse
import base64
import gettext
import importlib
import json
import lzma
import random
import re
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from time import process_time

import ftfy

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cleaner import CleanConfig, Cleaner, CleanResult
from cleaner.config import RepairConfig
from cleaner.decode import decode
from cleaner.evaluate.hostile import HOSTILE
from cleaner.evaluate.repair import OWN_CASES, figures
from cleaner.repair import RepairStage

HARMLESS = ftfy.TextFixerConfig(
    uncurl_quotes=False, fix_latin_ligatures=False, fix_character_width=False, normalization=None, explain=False
)
SIZE = 4000
DOCUMENTS = 60


def by_ftfy(text: str) -> str:
    return ftfy.fix_text(text, HARMLESS)


def best(work: Callable[[str], object], text: str, runs: int) -> float:
    """Seconds of CPU of the fastest of several runs; of a short one so many together that a millisecond passes."""
    start = process_time()
    work(text)
    calls = max(1, int(0.001 / max(process_time() - start, 1e-6)))
    times = []
    for _ in range(runs):
        start = process_time()
        for _ in range(calls):
            work(text)
        times.append((process_time() - start) / calls)
    return min(times)


def documents(lines: Iterable[str]) -> Iterator[str]:
    """Lines put together, or cut, to about SIZE characters."""
    parts: list[str] = []
    for line in lines:
        parts.append(line[:SIZE])
        if sum(map(len, parts)) >= SIZE:
            yield "\n".join(parts)
            parts = []


def speed(name: str, texts: list[str]) -> None:
    stage, cleaner = RepairStage(), Cleaner(CleanConfig(stages=("repair",)))
    of_stage, of_cleaner, differ = [], [], 0
    for text in texts:
        seconds = best(by_ftfy, text, 2)
        of_stage.append(seconds / best(lambda source: stage.propose([source]), text, 5))
        of_cleaner.append(seconds / best(cleaner.clean, text, 5))
        differ += cleaner.clean(text).text != by_ftfy(text)
    ratios = statistics.median(of_stage), statistics.median(of_cleaner)
    print(f"{name:16}{len(texts):6}{ratios[0]:12.1f}x{ratios[1]:12.1f}x{differ:10}")


def speeds(data: Path | None) -> None:
    print(f"\n{'documents':16}{'count':>6}{'stage':>13}{'Cleaner':>13}{'differ':>10}   (ratio to ftfy.fix_text)")
    if data is None:
        records = [json.loads(line) for line in OWN_CASES.read_text(encoding="utf-8").splitlines()]
        clean = [record["gold"].replace("\n", " ") for record in records]
        damaged = [record["input"] for record in records if record["kind"].startswith("moj1_cp1252")]
        speed("clean", list(documents(clean * 4))[:DOCUMENTS])
        speed("misread", list(documents(damaged * 40))[:DOCUMENTS])
        return
    for path in sorted((data / "encoding" / "speed").glob("*.txt")):
        speed(path.stem, list(documents(path.read_text(encoding="utf-8").splitlines()))[:DOCUMENTS])
    with lzma.open(data / "typos" / "clean_dev.jsonl.xz", "rt", encoding="utf-8") as file:
        articles = (json.loads(line)["text"] for line in file)
        speed("English news", list(islice(documents(text for text in articles if not text.isascii()), DOCUMENTS)))


def quality(data: Path | None) -> None:
    """Exact recovery by group, beside ftfy."""
    for name, value in figures(data).items():
        print(f"{name:28}{value:8.4f}")
    records = [json.loads(line) for line in OWN_CASES.read_text(encoding="utf-8").splitlines()]
    total, ours, theirs, lost = Counter[str](), Counter[str](), Counter[str](), 0
    cleaner = Cleaner(CleanConfig(stages=("repair",)))
    for record in records:
        group = record["kind"].split("_")[0]
        mine = cleaner.clean(record["input"]).text == record["gold"]
        other = by_ftfy(record["input"]) == record["gold"]
        total[group] += 1
        ours[group] += mine
        theirs[group] += other
        lost += other and not mine
    print(f"\n{'own cases':16}{'count':>6}{'here':>9}{'ftfy':>9}")
    for group in total:
        print(f"{group:16}{total[group]:6}{ours[group] / total[group]:9.3f}{theirs[group] / total[group]:9.3f}")
    print(f"solved by ftfy and not here: {lost}")


DIRT = (
    "&amp; &lt; &eacute; &#233; &EACUTE; &bogus; &#x110000; &amp;amp;lt; <b> </p> \x85 \u2028 \x1b[31m \ud83d \ude00 "
    "\ufeff \x07 \u200b \x92 \xad \xa0 %C3%A9 \\u00e9 =C3=A9 <U+2019> \ufffd \u200d \u0301"
).split(" ")
CODECS = ("latin-1", "cp1252", "cp1251", "cp1250", "cp1253", "cp1254", "mac_roman", "cp437", "iso-8859-2")


def misread(text: str, codec: str) -> str:
    """The UTF-8 of `text` read in `codec`; its undefined bytes become the characters of their numbers."""
    return "".join(bytes((b,)).decode(codec, "ignore") or chr(b) for b in text.encode("utf-8", "surrogatepass"))


def damaged(words: list[str], rng: random.Random) -> str:
    """A document of one to six lines: right ones, misread ones, inside too and twice, with dirt of every other kind."""
    lines = []
    for _ in range(rng.randint(1, 6)):
        line = rng.choice(("", " ", " ")).join(rng.choice(words) for _ in range(rng.randint(1, 8)))
        while rng.random() < 0.4:
            at = rng.randrange(len(line) + 1)
            line = line[:at] + rng.choice(DIRT) + line[at:]
        while rng.random() < 0.4:
            at = rng.choice((0, rng.randrange(len(line) + 1)))
            line = line[:at] + misread(line[at:], rng.choice(CODECS))
        lines.append(line.replace("\xa0", " ") if rng.random() < 0.1 else line)
    return rng.choice("\n\n\u2028").join(lines)


def real_texts(data: Path) -> Iterator[str]:
    """Lines and documents of the sets, as they are."""
    for folder in ("clean", "speed"):
        for path in sorted((data / "encoding" / folder).glob("*.txt")):
            yield from path.read_text(encoding="utf-8").splitlines()
    for path in sorted((data / "encoding" / "mixed").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield base64.b64decode(json.loads(line)["data"]).decode("latin-1")
    for path in sorted((data / "noise").glob("*.train.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as file:
            found = (text for record in map(json.loads, file) for text in _strings(record) if " " in text)
            yield from islice(found, 0, None, 10)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


def equivalence(count: int, data: Path | None) -> None:
    """Whole texts beside `ftfy.fix_text`: in exact mode, and as usual with the rules of what comes out otherwise."""
    rng = random.Random(7)
    records = [json.loads(line) for line in OWN_CASES.read_text(encoding="utf-8").splitlines()]
    words = " ".join(record[side] for record in records for side in ("input", "gold")).split()
    sets = {"made": (damaged(words, rng) for _ in range(count))}
    if data is not None:
        sets["real"] = real_texts(data)
    exact = Cleaner(CleanConfig(stages=("repair",), repair=RepairConfig(exact=True)))
    usual = Cleaner(CleanConfig(stages=("repair",)))
    print(f"\n{'whole texts':12}{'count':>9}{'changed by ftfy':>17}{'exact mode differs':>20}{'usual differs':>15}")
    for name, texts in sets.items():
        total, changed, differ, beyond, rules = 0, 0, 0, 0, Counter[str]()
        for text in texts:
            source = text.replace("\r\n", "\n").replace("\r", "\n")  # line ends are the decoder's, not the stage's
            theirs, alike, ours = by_ftfy(source), exact.clean(source), usual.clean(source)
            total += 1
            changed += theirs != source
            differ += alike.text != theirs and not _loses_line_end(source, exact)
            beyond += ours.text != theirs
            if ours.text != theirs:
                rules.update(_otherwise(ours, alike))
        print(f"{name:12}{total:9}{changed:17}{differ:20}{beyond:15}")
        print("  by rule: " + ", ".join(f"{rule} {number}" for rule, number in rules.most_common()))


def _loses_line_end(source: str, exact: Cleaner) -> bool:
    """Whether ftfy only takes a byte C0 and the line end behind it for a NUL (`byte_c0_before_a_line_end`)."""
    apart = source.replace("\n", " \n")
    return (
        by_ftfy(source).count("\n") < exact.clean(source).text.count("\n") and by_ftfy(apart) == exact.clean(apart).text
    )


def _otherwise(one: CleanResult, other: CleanResult) -> set[str]:
    """The rules of the changes that only one of two results has; "not: RULE" where it is the other one."""
    ours, theirs = ({(c.start, c.end, c.replacement): c.causes[0].rule for c in r.changes} for r in (one, other))
    return {ours[key] for key in ours.keys() - theirs} | {"not: " + theirs[key] for key in theirs.keys() - ours}


def detectors() -> Iterator[tuple[str, Callable[[bytes], str]]]:
    yield "cleaner", lambda raw: decode(raw).text
    for name, read in (("charset_normalizer", _by_normalizer), ("chardet", _by_chardet)):
        try:
            importlib.import_module(name)
        except ImportError:
            continue
        yield name, read


def _by_normalizer(raw: bytes) -> str:
    return str(importlib.import_module("charset_normalizer").from_bytes(raw).best() or "")


def _by_chardet(raw: bytes) -> str:
    return raw.decode(importlib.import_module("chardet").detect(raw)["encoding"] or "utf-8", "replace")


def mixed(data: Path) -> None:
    """Files of UTF-8 and legacy lines that are decoded exactly."""
    path = data / "encoding" / "mixed" / "files.jsonl"
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    print(f"\n{'mixed files':20}{'exact':>8}")
    for name, read in detectors():
        exact = sum(read(base64.b64decode(record["data"])) == record["gold"] for record in records)
        print(f"{name:20}{exact / len(records):8.3f}")


LEGACY = {"en": "cp1252", "fr": "cp1252", "de": "cp1252", "es": "cp1252", "pt": "cp1252", "pl": "cp1250",
          "ru": "cp1251", "zh": "gb18030"}  # fmt: skip
_FEW_WORDS = re.compile(r".{0,12}\S*[^\x00-\x7f]\S*.{0,12}")


def short(data: Path) -> None:
    """Texts of a few words, and of one sentence, in the usual legacy encoding of their language: decoded exactly."""
    print(f"\n{'short legacy texts':20}" + "".join(f"{lang:>8}" for lang in LEGACY))
    for name, read in detectors():
        for length in ("words", "sentence"):
            shares = []
            for lang, encoding in LEGACY.items():
                lines = (data / "encoding" / "clean" / f"{lang}.txt").read_text(encoding="utf-8").splitlines()
                found = [(line, _FEW_WORDS.search(line)) for line in lines[::3]]
                texts = [match.group() if length == "words" else line for line, match in found if match]
                raws = [(text, text.encode(encoding, "ignore")) for text in texts]
                outcomes = [_read_or_none(read, raw) == text for text, raw in raws if raw.decode(encoding) == text]
                shares.append(sum(outcomes) / len(outcomes))
            print(f"{name + ', ' + length:28}"[:28] + "".join(f"{share:8.3f}" for share in shares))


def _read_or_none(read: Callable[[bytes], str], raw: bytes) -> str | None:
    try:
        return read(raw)
    except (LookupError, UnicodeError):
        return None


def translations(folder: Path) -> None:
    """Catalogues of translated messages (`LANGUAGE/LC_MESSAGES/*.mo`, as in a Django or GNOME installation): what is
    changed in their texts, one by one and ten together, by rule. Nearly all of it must be what a translator's editor
    left: entities and zero-width spaces."""
    cleaner = Cleaner(CleanConfig(stages=("repair",)))
    count, changed, rules, languages = 0, 0, Counter[str](), set[str]()
    for path in sorted(folder.rglob("LC_MESSAGES/*.mo")):
        with path.open("rb") as file:
            messages = gettext.GNUTranslations(file)
        texts = [text for key, text in vars(messages)["_catalog"].items() if key and isinstance(text, str)]
        texts += ["\n".join(texts[at : at + 10]) for at in range(0, len(texts), 10)]
        languages.add(path.parent.parent.name)
        for text, result in zip(texts, cleaner.clean_many(texts), strict=True):
            count += 1
            changed += result.text != text
            rules.update({change.causes[0].rule for change in result.changes})
    print(f"\ntranslations: {len(languages)} languages, {count} texts, {changed} changed: {dict(rules)}")


def growth(size: int) -> None:
    """What four times a hostile text takes, in times, and the rate of a document of ten million characters."""
    print(f"\n{'hostile texts':26}{'time at 4n / n':>16}{'MB/s at 10 MB':>16}   (n = {size:,} characters)")
    cleaner = Cleaner(CleanConfig(stages=("repair",)))
    for name, make in HOSTILE.items():
        ratio = statistics.median(
            best(cleaner.clean, make(4 * size), 2) / best(cleaner.clean, make(size), 4) for _ in range(3)
        )
        rate = 10 / best(cleaner.clean, make(10_000_000), 1)
        print(f"{name:26}{ratio:16.1f}{rate:16.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, help="the folder that holds `encoding/`")
    parser.add_argument("--texts", type=int, default=20_000, help="made texts to compare with ftfy")
    parser.add_argument("--translations", type=Path, help="a folder with catalogues of translations (.mo)")
    parser.add_argument("--hostile", type=int, default=500_000, help="characters of the smaller hostile texts")
    arguments = parser.parse_args()
    quality(arguments.data)
    equivalence(arguments.texts, arguments.data)
    if arguments.data:
        mixed(arguments.data)
        short(arguments.data)
    if arguments.translations:
        translations(arguments.translations)
    speeds(arguments.data)
    growth(arguments.hostile)


if __name__ == "__main__":
    main()
