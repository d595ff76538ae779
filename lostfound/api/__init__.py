"""The API of the lost property offices: `/api/v1/`."""
