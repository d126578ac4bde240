"""Settings for pip users: conda's files in conda's order, without conda."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from conda_cuda_pin.errors import SettingsError
from conda_cuda_pin.settings import Settings
from conda_cuda_pin.versions import CudaVersion
from pip_hook.configuration import find_files, read_settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

if sys.platform == "win32":
    pytest.skip("the search path of Linux and macOS", allow_module_level=True)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    def write(place: str, text: str) -> Path:
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def read(tmp_path: Path, **environ: str) -> Settings:
    return read_settings(tmp_path / "env", {"HOME": str(tmp_path / "home"), **environ})


def plugins(*lines: str) -> str:
    return "channels: [conda-forge]\nplugins:\n" + "".join(f"  {line}\n" for line in lines)


def test_without_files_everything_is_as_nobody_said(tmp_path: Path) -> None:
    assert read(tmp_path) == Settings()


def test_the_environments_own_file_beats_the_users(tmp_path: Path, write: Callable[[str, str], Path]) -> None:
    write("home/.condarc", plugins("cuda_pin_mode: warn", "cuda_pin_level: minor"))
    write("env/.condarc", plugins("cuda_pin_mode: enforce"))
    settings = read(tmp_path)
    assert (settings.mode, settings.level) == ("enforce", "minor")


def test_a_variable_beats_every_file(tmp_path: Path, write: Callable[[str, str], Path]) -> None:
    write("env/.condarc", plugins("cuda_pin_variant: cuda"))
    assert read(tmp_path, CONDA_PLUGINS_CUDA_PIN_VARIANT="cpu").variant == "cpu"


def test_an_empty_variable_says_nothing(tmp_path: Path, write: Callable[[str, str], Path]) -> None:
    write("env/.condarc", plugins("cuda_pin_variant: cuda"))
    assert read(tmp_path, CONDA_PLUGINS_CUDA_PIN_VARIANT="").variant == "cuda"


def test_lists_are_joined_the_last_file_in_front(tmp_path: Path, write: Callable[[str, str], Path]) -> None:
    write("home/.condarc", plugins("cuda_pin_mirrors: ['https://a.org=https://b.org']"))
    write("env/.condarc", plugins("cuda_pin_mirrors: ['https://a.org=https://c.org']"))
    settings = read(tmp_path, CONDA_PLUGINS_CUDA_PIN_MIRRORS="https://d.org=https://e.org, https://f.org=https://g.org")
    assert [mirror[1][-5:] for mirror in settings.mirrors] == ["e.org", "g.org", "c.org", "b.org"]


def test_the_order_is_condas(tmp_path: Path, write: Callable[[str, str], Path]) -> None:
    places = (
        "root/.condarc", "root/condarc.d/a.yml", "root/condarc.d/b.yaml", "xdg/conda/condarc",
        "home/.config/conda/.condarc",
        "home/.conda/.condarc", "home/.condarc", "env/.condarc", "env/condarc.d/z.yml", "named.yml",
    )  # fmt: skip
    expected = [write(place, "") for place in places]
    write("env/condarc.d/notes.txt", "")
    environ = {
        "HOME": f"{tmp_path}/home", "XDG_CONFIG_HOME": f"{tmp_path}/xdg", "CONDA_ROOT": f"{tmp_path}/root",
        "CONDARC": f"{tmp_path}/named.yml",
    }  # fmt: skip
    assert [path for path in find_files(tmp_path / "env", environ) if tmp_path in path.parents] == expected


def test_condas_installation_is_found_by_its_executable(tmp_path: Path, write: Callable[[str, str], Path]) -> None:
    write("root/.condarc", plugins("cuda_pin_mode: warn"))
    assert read(tmp_path, CONDA_EXE=f"{tmp_path}/root/bin/conda").mode == "warn"


def test_off_is_a_word_as_it_is_for_conda(tmp_path: Path, write: Callable[[str, str], Path]) -> None:
    write("home/.condarc", plugins("cuda_pin_mode: off", "cuda_pin_max: '12.10'"))
    settings = read(tmp_path)
    assert (settings.off, settings.max) == (True, CudaVersion(12, 10))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("plugins:\n  cuda_pin_mode: [warn\n", ("line 3", "YAML")),
        ("plugins:\n\tcuda_pin_mode: warn\n", ("line 2", "YAML")),
        ("plugins:\n  a: 1\n  cuda_pin_mode: loud\n", ("line 3", "cuda_pin_mode", "'loud'", "enforce, warn, off")),
        ("plugins:\n  cuda_pin_mdoe: warn\n", ("line 2", "cuda_pin_mdoe", "no such setting")),
        ("plugins:\n  cuda_pin_ignore: CUP101\n", ("line 2", "must be a list")),
        ("plugins: cuda_pin_mode\n", ("under plugins",)),
        ("- cuda_pin_mode\n", ("line 1", "mapping")),
        ("plugins:\n  cuda_pin_max: 2026-13-45\n", ("YAML",)),
        ("plugins:\n  cuda_pin_max: !!python/object/apply:os.getcwd []\n", ("line 2", "YAML")),
    ],
    ids=["bracket", "tab", "value", "key", "list", "scalar", "sequence", "date", "object"],
)
def test_what_is_wrong_is_named_with_file_and_line(
    tmp_path: Path, write: Callable[[str, str], Path], text: str, words: tuple[str, ...]
) -> None:
    path = write("home/.condarc", text)
    with pytest.raises(SettingsError) as refused:
        read(tmp_path)
    assert [word for word in (str(path), *words) if word not in str(refused.value)] == []


def test_a_wrong_value_is_named_though_a_later_file_overrides_it(
    tmp_path: Path, write: Callable[[str, str], Path]
) -> None:
    write("home/.condarc", plugins("cuda_pin_mode: loud"))
    write("env/.condarc", plugins("cuda_pin_mode: warn"))
    with pytest.raises(SettingsError, match=r"home/\.condarc, line 3"):
        read(tmp_path)


@pytest.mark.parametrize("name", ["CONDA_PLUGINS_CUDA_PIN_MODE", "CONDA_PLUGINS_CUDA_PIN_MDOE"])
def test_a_wrong_variable_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read(tmp_path, **{name: "loud"})


@pytest.mark.parametrize("text", ["", "channels: [\n", "plugins:\n  other_setting: off\n", "\ufeffplugins:\n"])
def test_a_file_that_says_nothing_of_us_is_condas_affair(
    tmp_path: Path, write: Callable[[str, str], Path], text: str
) -> None:
    write("home/.condarc", text)
    assert read(tmp_path) == Settings()


def test_a_file_that_is_no_text_is_named(tmp_path: Path, write: Callable[[str, str], Path]) -> None:
    path = write("home/.condarc", "")
    path.write_bytes(b"\xff\xfe\x00cuda_pin_")
    with pytest.raises(SettingsError, match="cannot be read"):
        read(tmp_path)


def test_yaml_is_loaded_only_for_settings_of_ours(tmp_path: Path, write: Callable[[str, str], Path]) -> None:
    write("home/.condarc", "channels: [conda-forge]\n")
    code = (
        "import sys; from pathlib import Path; from pip_hook.configuration import read_settings;"
        f"read_settings(Path('{tmp_path}/env'), {{'HOME': '{tmp_path}/home'}}); assert 'yaml' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
