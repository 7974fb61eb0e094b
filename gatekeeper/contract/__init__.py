"""The contract: prose read from Markdown, bound to rules by YAML."""
