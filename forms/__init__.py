"""What people type, read and judged: WTForms forms; `core` for what all share, and one package per domain."""
