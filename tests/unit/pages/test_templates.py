"""What templates say is in the catalogue, and nothing in them needs what a strict page forbids."""

import re
from pathlib import Path

import pytest

from engine.words import load
from web.rendering import environment
from xiaohao.bootstrap import catalogue, load_words

ROOT = Path(__file__).parents[3] / "web"
TEMPLATES = sorted((ROOT / "templates").rglob("*.j2"))
SAID = re.compile(r"""\bsay\(\s*(["'])([\w.]+)\1\s*[,)]""")
LANGUAGES = ("zh", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_that_a_template_or_a_page_says_is_there(language):
    words = load(catalogue(), language)
    texts = [path.read_text(encoding="utf-8") for path in (*TEMPLATES, *ROOT.rglob("*.py"))]
    said = {found[2] for text in texts for found in SAID.finditer(text)}
    assert len(said) > 20
    assert {key for key in said if not key.endswith(".")} - words.sentences.keys() == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_chinese_script_or_style_of_its_own(path):
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"[\u4e00-\u9fff]", text)
    assert not re.search(r"<script(?! src)|<style|\sstyle=|\son\w+=|https?://", text)


@pytest.fixture(scope="module")
def templates():
    return environment(load_words("zh"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_template_can_be_parsed(templates, path):
    templates.get_template(str(path.relative_to(ROOT / "templates")))


def test_style_and_script_stay_small():
    sizes = {path.name: path.stat().st_size for path in (ROOT / "static").iterdir()}
    assert sum(size for name, size in sizes.items() if name.endswith(".css")) < 24_000
    assert sizes["site.js"] < 5_000
