DROP TABLE refusal_addresses;
