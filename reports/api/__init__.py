"""The API's doors to reports: `/api/v1/`."""
