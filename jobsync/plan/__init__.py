"""The pure decision: desired, remote and ledger in, changes out."""
