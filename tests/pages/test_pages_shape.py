"""Rules about how pages and components are written."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "pages").rglob("*.py"))
SCREENS = [ROOT / "app.py", *PAGES, *sorted((ROOT / "core" / "ui").rglob("*.py"))]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def statements(path: Path) -> list[ast.stmt]:
    body = ast.parse(path.read_text()).body
    return [s for s in body[1:] if not is_import(s)]


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_the_first_statement_of_a_page_is_the_guard(path: Path) -> None:
    first = next(s for s in statements(path) if not _is_constant(s))
    assert isinstance(first, ast.Assign)
    assert isinstance(first.value, ast.Call)
    assert ast.unparse(first).startswith("actor = guard(")


def _is_constant(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_imports_only_streamlit_core_ui_and_core_domain(path: Path) -> None:
    allowed = re.compile(r"streamlit|core\.ui(\.\w+)*|core\.domain(\.\w+)*")
    tree = ast.walk(ast.parse(path.read_text()))
    modules = [
        module
        for node in tree
        for module in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    ]
    assert [m for m in modules if not allowed.fullmatch(m)] == []


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_stays_thin(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 65


@pytest.mark.parametrize("path", SCREENS, ids=name)
def test_no_screen_asks_streamlit_to_trust_html(path: Path) -> None:
    source = path.read_text()
    assert "unsafe_allow" not in source
    assert "components.v1" not in source
    if path.name != "shell.py":
        assert "st.html" not in source


def test_the_only_html_is_our_own_style_file() -> None:
    assert re.findall(r"st\.html\((\w+)\)", (ROOT / "core/ui/shell.py").read_text()) == ["_CSS"]


def test_the_reader_makes_text_nodes_only() -> None:
    script = (ROOT / "core/ui/components/application/reader.js").read_text()
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", script)


@pytest.mark.parametrize("path", SCREENS, ids=name)
def test_no_user_data_is_kept_in_a_cache_that_sessions_share(path: Path) -> None:
    assert "cache_data" not in path.read_text()


@pytest.mark.parametrize("path", SCREENS, ids=name)
def test_no_shortcut_takes_a_key_of_streamlit(path: Path) -> None:
    keys = re.findall(r"shortcut=\"([^\"]+)\"", path.read_text())
    assert not [key for key in keys if key.rpartition("+")[2].upper() in {"C", "R"}]


def test_nothing_is_loaded_from_elsewhere() -> None:
    files = [ROOT / ".streamlit/config.toml", *(ROOT / "core/ui").rglob("*.*ss")]
    files += (ROOT / "core/ui").rglob("*.js")
    assert not [p for p in files if re.search(r"https?://", p.read_text())]


def test_the_server_can_load_what_app_py_needs_without_a_warning() -> None:
    imports = [s for s in ast.parse((ROOT / "app.py").read_text()).body if is_import(s)]
    code = ast.unparse(ast.Module(list(imports), []))
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def is_import(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Import | ast.ImportFrom)
