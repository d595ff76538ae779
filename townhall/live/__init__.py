"""The live line: what changes rings every open page. See docs/live.md."""
