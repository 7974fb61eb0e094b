"""The plugin registry."""

from plugins.registry import PLUGINS, plugin


def test_a_plugin_is_found_by_its_name() -> None:
    @plugin
    def greet() -> str:
        return "hello"

    assert "hello" == PLUGINS["greet"]()
