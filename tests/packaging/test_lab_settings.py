"""JupyterLab's settings for students are settings that JupyterLab and nbgrader have."""

import json
import sys
from pathlib import Path

import pytest
from project import ROOT

SETTINGS = ROOT / "autograder" / "jupyter" / "labconfig"
LAB = Path(sys.prefix) / "share" / "jupyter"
OVERRIDES = json.loads((SETTINGS / "default_setting_overrides.json").read_text())
DISABLED = json.loads((SETTINGS / "page_config.json").read_text())["disabledExtensions"]


@pytest.mark.parametrize("plugin", OVERRIDES)
def test_a_setting_is_one_that_jupyterlab_has_with_a_value_it_takes(plugin):
    package, name = plugin.split(":")
    schema = json.loads((LAB / "lab" / "schemas" / package / f"{name}.json").read_text())

    for key, value in OVERRIDES[plugin].items():
        known = schema["properties"][key]
        assert type(value).__name__ == {"boolean": "bool", "string": "str"}[known["type"]]
        assert value in [choice["const"] for choice in known.get("oneOf", [{"const": value}])]


@pytest.mark.parametrize("plugin", DISABLED)
def test_a_hidden_extension_is_one_that_nbgrader_has(plugin):
    scripts = (LAB / "labextensions" / "@jupyter" / "nbgrader" / "static").glob("*.js")

    assert any(f'"{plugin}"' in script.read_text(encoding="utf-8") for script in scripts)
