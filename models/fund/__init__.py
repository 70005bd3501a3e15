"""The fund for promoting education of persons with disabilities: proposals from draft to decision (spec: fund.md)."""
