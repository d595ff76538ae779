"""Areas from files: read (`files`), looked at (`shapes`), written (`layers`)."""
