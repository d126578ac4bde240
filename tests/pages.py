"""Writes what ``docs/`` has from the code and its tables: ``python -m tests.pages``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from conda_cuda_pin.explain.findings import list_sections
from conda_cuda_pin.knowledge.indexes import Page, base_url, builds_of, pages, replacements, torch_names
from conda_cuda_pin.knowledge.table import load_table
from conda_cuda_pin.knowledge.wheels import libraries, wheels
from conda_cuda_pin.rules import RULES, Rule
from tests.examples import EXAMPLES, read_message

DOCS = Path(__file__).parent.parent / "docs"
_HEAD = """# Rules

`conda cuda-pin explain CODE` and `pip-cuda explain CODE` print what a rule's page says. A rule is ignored by its code
or its word: `cuda_pin_ignore: [CODE]` in a `.condarc`, yours or one environment's. Made by `python -m tests.pages`.

| code | word | it says |
|---|---|---|
"""
_IGNORE = """
```yaml
# ~/.condarc: everywhere        PREFIX/.condarc: in one environment, of conda or a venv
plugins:
  cuda_pin_ignore: [{code}]
```
"""
_START, _END = "<!-- made by python -m tests.pages -->\n", "<!-- to here -->\n"
_BY = {
    "page": "the page for the torch that is there or comes: its release and its CUDA",
    "local": "the newest file whose local version fits that torch: minor, CUDA major, C++ ABI",
    "driver": "the newest CUDA that the driver and its GPUs run",
}
"""How an extension's file is chosen, by the key of its page."""


def render_rules() -> str:
    """Return the page of all rules."""
    return _HEAD + "".join(f"| [{r.code}](rules/{r.code}.md) | `{r.word}` | {r.title} |\n" for r in RULES)


def render_rule(rule: Rule) -> str:
    """Return the page of one rule."""
    parts = "".join(f"\n## {head}\n\n{text}\n" for head, text in list_sections(rule))
    head = f"# {rule.code} {rule.word}: {rule.title}\n{_render_example(rule)}"
    proof = f"\nProof: <{rule.source}>. [All rules](../rules.md)\n"
    return head + parts + _IGNORE.format(code=rule.code) + proof


def _render_example(rule: Rule) -> str:
    example = EXAMPLES[rule.code]
    return f"\n{example.story}\n\n```\n{read_message(rule.code)}\n```\n\nWhat works: `{example.instead}`\n"


def list_pages() -> dict[Path, str]:
    """Return every page that is made, or made in part, with its content."""
    guide = DOCS / "pip-cuda.md"
    made = {DOCS / "rules" / f"{rule.code}.md": render_rule(rule) for rule in RULES}
    return {DOCS / "rules.md": render_rules(), guide: render_pip_cuda(guide.read_text(encoding="utf-8")), **made}


def render_pip_cuda(page: str) -> str:
    """Return the page of pip-cuda with its tables of families as the knowledge has them."""
    before, rest = page.split(_START)
    return before + _START + "\n" + render_families() + "\n" + _END + rest.split(_END)[1]


def render_families() -> str:
    """Return what is known of wheels: where they come from, what is said of their names, what is judged."""
    routed = _write_table(("asked for", "comes from", "chosen by"), _list_routed())
    shared = sorted(library.stem for library in libraries().values() if library.shared)
    names = _write_table(("asked for", "said: ask for", "because"), _list_replaced())
    families = sorted({wheel.family for wheel in wheels().values()})
    return (
        f"{routed}\nSome names do not do what their user wants. A line says so, or does it (`--suggest=apply`):\n\n"
        f"{names}\nAll else comes from where pip is configured. What is judged, wherever it comes from: the families "
        f"{', '.join(families)}; {len(libraries())} libraries of NVIDIA ({_join(shared)} share one directory between "
        "CUDA majors); any other wheel by what it says of its CUDA (`-cu12`, `+cu126`, what it requires).\n"
    )


def _list_routed() -> Iterator[tuple[str, str, str]]:
    index = f"`{base_url('torch').format(tag='TAG')}`"
    names = torch_names().values()
    alone, shared = ([row.name for row in names if row.alone is flag] for flag in (True, False))
    yield _join(alone), index, "the newest torch that the driver and every GPU run, then its best CUDA"
    yield _join(shared), f"{index}, else the configured index", "the same; these do not differ from CUDA to CUDA"
    yield from (_describe_page(page) for page in pages() if page.automatic)
    for name in _list_names("builds"):
        majors = [f"{major} from {since} on" for since, major in builds_of(name) if since != "0"]
        yield _join([name]), "the configured index", f"version: built for CUDA {', '.join(majors)}"
    own = {name for page in pages() if page.automatic for name in page.names} | set(_list_names("builds"))
    named = dict.fromkeys(name for page in pages() if not page.automatic for name in page.names if name not in own)
    yield _join(named), "its own index where you name that, else the configured one", "you"


def _describe_page(page: Page) -> tuple[str, str, str]:
    marks = {"{torch}": "TORCH", "{minor}": "TORCH", "{tag}": "TAG", "{major}": "CUDA"}
    url = page.url
    for mark, word in marks.items():
        url = url.replace(mark, word)
    return _join(page.names), f"`{url}`", _BY[page.key]


def _list_replaced() -> Iterator[tuple[str, str, str]]:
    for name in _list_names("replacements"):
        for row in replacements(name):
            instead = f"`{row.instead.format(major='N')}`" if row.instead else "nothing"
            yield _join([name]) + (" (refused)" if row.ended else ""), instead, row.why


def _list_names(table: str) -> list[str]:
    return list(dict.fromkeys(row["name"] for row in load_table("indexes")[table]))


def _write_table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *dict.fromkeys(rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _join(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    for path, text in list_pages().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
