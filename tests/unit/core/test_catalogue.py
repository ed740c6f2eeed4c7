"""Every "no" that the code can say has its sentence in both languages, and every blank is filled."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest

from engine.commands import Refusal
from engine.words import IncompleteCatalogueError, Words, load
from xiaohao.bootstrap import catalogue

ROOT = Path(__file__).parents[3]
PACKAGES = ("engine", "workflows", "desk", "web", "xiaohao")


@cache
def sources() -> list[str]:
    paths = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return [path.read_text(encoding="utf-8") for path in paths]


def trees(saying: str) -> list[ast.Module]:
    """The modules whose text says something: to take all of them apart takes seconds."""
    return [ast.parse(text) for text in sources() if saying in text]


@cache
def refusals() -> Mapping[str, list[set[str]]]:
    """Word → for each place where the code says it, the parameters it gives."""
    found: dict[str, list[set[str]]] = defaultdict(list)
    for tree in trees("Refusal("):
        for word, given in _said(tree):
            found[word].append(given)
    return found


def _said(tree: ast.Module) -> Iterator[tuple[str, set[str]]]:
    named = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refusal":
            word, *more = node.args
            assert isinstance(word, ast.Constant), f"line {node.lineno}: a word that reading cannot see"
            params = named.get(more[0].id) if more and isinstance(more[0], ast.Name) else (more or [None])[0]
            yield word.value, set(_keys(params))


def _keys(params: ast.expr | None) -> Iterator[str]:
    """The keys of a dict display, those among them that a function adds with `**` included."""
    if not isinstance(params, ast.Dict):
        return
    for key, value in zip(params.keys, params.values, strict=True):
        if isinstance(key, ast.Constant):
            yield key.value
        elif isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
            yield from _given_by(value.func.attr)


@cache
def _given_by(function: str) -> set[str]:
    found: set[str] = set()
    for tree in trees(f"def {function}("):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name == function:
                found |= {key for one in ast.walk(node) if isinstance(one, ast.Dict) for key in _keys(one)}
    return found


@pytest.fixture(scope="module", params=["zh", "en"])
def words(request) -> Words:
    notifications = files("notifications").joinpath("words.toml").read_text(encoding="utf-8")
    return load({**catalogue(), "notifications": notifications}, request.param)


def test_every_refusal_has_its_sentence(words):
    said = {f"refusal.{word}" for word in refusals()}
    assert len(said) > 30
    assert said - words.sentences.keys() == set()


def test_no_sentence_is_kept_for_a_refusal_that_nobody_gives(words):
    named_in_full = "\n".join(sources())
    refused = {key for key in words.sentences if key.startswith("refusal.")}
    kept = {key for key in refused if f'"{key}"' not in named_in_full}
    assert kept - {f"refusal.{word}" for word in refusals()} == set()


def test_every_blank_is_a_parameter_that_is_given(words):
    for word, places in refusals().items():
        blanks = {name for _, name, _, _ in Formatter().parse(words.sentences[f"refusal.{word}"]) if name}
        for given in places:
            assert blanks <= given, word


def test_a_sentence_fills_its_blanks_with_words(words):
    spoken = words.refusal(Refusal("not_yours", {"roles": ["officer", "head"]}))
    assert ("经办人、组长" if words.language == "zh" else "officer, head") in spoken
    label = {"zh": "时限", "en": "Deadline"}
    assert label[words.language] in words.refusal(Refusal("missing_param", {"name": "due_on", "label": label}))


def test_a_word_without_a_sentence_is_shown_and_never_silence(words):
    assert words.refusal(Refusal("from_the_future")) == "from_the_future"


def test_a_catalogue_that_lacks_a_language_or_says_something_twice_stops_the_start():
    with pytest.raises(IncompleteCatalogueError, match=r"a\.toml: refusal\.gone\.en"):
        load({"a.toml": 'refusal.gone = { zh = "走了" }'}, "zh")
    twice = 'refusal.gone = { zh = "走了", en = "Gone" }'
    with pytest.raises(IncompleteCatalogueError, match=r"b\.toml: refusal\.gone stands twice"):
        load({"a.toml": twice, "b.toml": twice}, "zh")


def test_a_blank_that_is_not_filled_is_an_error():
    words = load({"a.toml": 'hello = { zh = "{name}您好", en = "Hello {name}" }'}, "zh")
    assert words.say("hello", name="示例") == "示例您好"
    with pytest.raises(KeyError):
        words.say("hello")
    with pytest.raises(KeyError):
        words.say("goodbye")
