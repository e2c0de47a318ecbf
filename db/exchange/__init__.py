"""Records in and out as files. An import is planned first and lands whole or not at all."""
