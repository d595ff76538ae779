"""Areas and roads from files: read (`files`), looked at (`shapes`, `roads`), written (`layers`)."""
