"""Writes over the base. All are batches; facts that touch an open task come through calling.actions."""
