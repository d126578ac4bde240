"""pip's command line, read and put together again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pip_hook.argv import UnreadableError, read_command
from pip_hook.options import FLAGS, SHORT, VALUED, find_option

LINES = [
    "install torch",
    "install -U torch torchvision",
    "install --upgrade 'torch>=2'",
    "--python /some/env install torch",
    "install -r requirements.txt -c constraints.txt",
    "install -rrequirements.txt",
    "install --requirement=requirements.txt",
    "install -e .[cuda]",
    "install torch --index-url https://download.pytorch.org/whl/cu126",
    "install --index-url=https://download.pytorch.org/whl/cu126 torch",
    "install -f https://data.pyg.org/whl/torch-2.8.0+cu126.html torch-scatter",
    "install -t dir --platform manylinux_2_28_x86_64 --only-binary=:all: torch",
    "install --no-deps --force-reinstall torch",
    "install -- torch -weird",
    "-q install torch",
    "uninstall -y nvidia-nccl-cu12",
    "download -d wheels torch",
    "wheel -w wheels torch",
    "list --outdated".replace("--outdated", "--pre"),
]


@pytest.mark.parametrize("line", LINES)
def test_a_command_line_comes_back_as_typed(line: str) -> None:
    words = line.split()
    joined = list(read_command(words).words)
    assert joined == (["install", "-r", "requirements.txt"] if "-rreq" in line else words)


def test_the_parts_are_told_apart() -> None:
    command = read_command(["--python", "py", "install", "-qU", "torch", "-r", "a.txt", "--requirement=b.txt", "--pre"])
    assert command.verb == "install"
    assert command.arguments == ("torch",)
    assert command.values("--requirement") == ("a.txt", "b.txt")
    assert command.value("--python") == "py"
    assert all(map(command.has, ("--quiet", "--upgrade", "--pre")))
    assert not command.has("--user")


def test_own_options_do_not_reach_pip() -> None:
    command = read_command(["install", "--explain", "--emit-constraints", "c.txt", "torch", "--json"])
    assert command.words == ("install", "torch")
    assert command.value("--emit-constraints") == "c.txt"


def test_options_go_before_the_arguments_even_behind_two_dashes() -> None:
    command = read_command(["install", "--", "-weird"]).extended(["--index-url", "x"])
    assert command.words == ("install", "--index-url", "x", "--", "-weird")


def test_options_are_taken_away_with_their_values() -> None:
    command = read_command(["install", "-i", "url", "torch", "--extra-index-url=more"])
    assert command.without("--index-url", "--extra-index-url").words == ("install", "torch")


@pytest.mark.parametrize(
    ("written", "meant"), [("--upg", None), ("--require-v", "--require-virtualenv"), ("--pypi-url", "--index-url")]
)
def test_abbreviations_and_other_spellings(written: str, meant: str | None) -> None:
    assert find_option(written) == meant


@pytest.mark.parametrize(
    "line", ["install --no-such-thing torch", "install -Z torch", "install torch -r", "install --pre=1 x"]
)
def test_what_is_not_known_is_left_to_pip(line: str) -> None:
    with pytest.raises(UnreadableError):
        read_command(line.split())


ARGUMENT = st.from_regex(r"[a-z][a-z0-9.]{0,8}(==[0-9.]{1,4})?", fullmatch=True)
OPTION = st.one_of(
    st.sampled_from(sorted(FLAGS)).map(lambda flag: (flag,)),
    st.tuples(st.sampled_from(sorted(VALUED)), ARGUMENT),
    st.tuples(st.sampled_from(sorted(VALUED)), ARGUMENT).map(lambda pair: ("=".join(pair),)),
    st.sampled_from([letter for letter, name in sorted(SHORT.items()) if name in FLAGS]).map(
        lambda letter: (f"-{letter}",)
    ),
    ARGUMENT.map(lambda argument: (argument,)),
)


@given(st.lists(OPTION, max_size=8))
def test_any_line_of_known_options_round_trips(parts: list[tuple[str, ...]]) -> None:
    words = ["install", *(word for part in parts for word in part)]
    assert list(read_command(words).words) == words
