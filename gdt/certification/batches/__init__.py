"""Orders to certify as they are kept: rows, stages, and the switch that halts all issuing."""
