//! The metrics of this process, in the form that Prometheus reads: each is declared here once, with its help text.
//!
//! The values of a label come from a fixed list or from the routes in the code, never from a request, so that nobody can
//! make the server count without end. [`crate::monitoring`] serves them, and sets those that are read from a store.

use std::{sync::LazyLock, time::Duration};

#[cfg(target_os = "linux")]
use prometheus::process_collector::ProcessCollector;
use prometheus::{
    Encoder as _, Gauge, GaugeVec, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge,
    IntGaugeVec, Opts, Registry, TextEncoder, core::Collector,
};

/// Upper bounds in seconds for what a person waits for.
const ANSWER_BUCKETS: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// Upper bounds in seconds for a call to a store.
const CALL_BUCKETS: &[f64] = &[0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0];

/// Upper bounds in seconds for a job.
const JOB_BUCKETS: &[f64] = &[0.01, 0.1, 1.0, 10.0, 60.0, 600.0, 3_600.0, 14_400.0];

/// The metrics of `prometheus::process_collector`, with the library's help texts.
#[cfg(target_os = "linux")]
const PROCESS_METRICS: [(&str, &str, &str); 7] = [
    ("process_cpu_seconds_total", "counter", "Total user and system CPU time spent in seconds."),
    ("process_open_fds", "gauge", "Number of open file descriptors."),
    ("process_max_fds", "gauge", "Maximum number of open file descriptors."),
    ("process_virtual_memory_bytes", "gauge", "Virtual memory size in bytes."),
    ("process_resident_memory_bytes", "gauge", "Resident memory size in bytes."),
    ("process_start_time_seconds", "gauge", "Start time of the process since unix epoch in seconds."),
    ("process_threads", "gauge", "Number of OS threads in the process."),
];

/// All metrics of the process.
pub static METRICS: LazyLock<Metrics> = LazyLock::new(Metrics::new);

/// What the reference in `docs/monitoring.md` says about a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MetricDescription {
    pub name: &'static str,
    /// `counter`, `gauge` or `histogram`.
    pub kind: &'static str,
    pub labels: &'static [&'static str],
    pub help: &'static str,
}

/// The metrics by subject. A duration is in seconds, a size in bytes, a time in seconds since 1970.
pub struct Metrics {
    registry: Registry,
    descriptions: Vec<MetricDescription>,

    pub http_requests: IntCounterVec,
    pub http_request_duration: HistogramVec,
    pub log_lines: IntCounterVec,

    pub database_up: IntGauge,
    pub database_connections: IntGaugeVec,
    pub database_connections_max: IntGauge,
    pub database_acquire_duration: Histogram,
    pub redis_command_duration: Histogram,
    pub redis_errors: IntCounter,
    pub cached_launches: IntGauge,
    pub live_streams: IntGauge,
    pub open_uploads: IntGauge,

    pub proof_failures: IntCounterVec,
    pub refusals: IntCounterVec,

    pub jobs: IntCounterVec,
    pub job_duration: HistogramVec,
    pub jobs_waiting: IntGaugeVec,
    pub jobs_dead: IntGaugeVec,
    pub job_oldest_age: GaugeVec,

    pub last_run_time: GaugeVec,
    pub last_success_time: GaugeVec,
    pub last_run_ok: IntGaugeVec,
    pub verification_problems: IntGauge,
    pub verification_oldest_time: Gauge,

    pub evidence_bytes: IntGauge,
    pub evidence_free_bytes: IntGauge,
    pub history_bytes: IntGauge,
    pub database_bytes: IntGauge,

    pub build_info: IntGaugeVec,
    pub schema_info: IntGaugeVec,
}

impl Metrics {
    #[expect(clippy::too_many_lines, reason = "it is a list")]
    fn new() -> Self {
        let mut list = MetricList { registry: Registry::new(), descriptions: Vec::new() };
        let http_requests = list.counters(
            "signoff_http_requests_total",
            &["method", "route", "status"],
            "Requests answered, by the pattern of the route (\"none\" where no route matches) and the class of the status, such as 2xx.",
        );
        let http_request_duration = list.histograms(
            "signoff_http_request_duration_seconds",
            &["method", "route"],
            ANSWER_BUCKETS,
            "Time from a request's head to the head of its answer. A stream or download counts until it begins.",
        );
        let log_lines =
            list.counters("signoff_log_lines_total", &["level"], "Lines of the log at the levels error and warn.");

        let database_up =
            list.gauge("signoff_database_up", "Whether PostgreSQL answered when the metrics were collected.");
        let database_connections = list.gauges(
            "signoff_database_connections",
            &["state"],
            "Connections of this process to PostgreSQL: in_use or idle.",
        );
        let database_connections_max = list.gauge(
            "signoff_database_connections_max",
            "The most connections that this process opens (SIGNOFF_DATABASE_CONNECTIONS).",
        );
        let database_acquire_duration = list.histogram(
            "signoff_database_acquire_duration_seconds",
            CALL_BUCKETS,
            "Time until a connection to PostgreSQL was free. The rate of its sum is how many waited on average.",
        );
        let redis_command_duration = list.histogram(
            "signoff_redis_command_duration_seconds",
            CALL_BUCKETS,
            "Time of a call to Redis, failed ones included.",
        );
        let redis_errors =
            list.counter("signoff_redis_errors_total", "Calls to Redis that failed or had no answer in time.");
        let cached_launches = list.gauge("signoff_cached_launches", "Launches whose state this process has in memory.");
        let live_streams = list.gauge("signoff_live_streams", "Event streams of open pages.");
        let open_uploads = list.gauge("signoff_uploads_open", "Uploads of evidence that are being received.");

        let proof_failures = list.counters(
            "signoff_proof_failures_total",
            &["purpose", "credential"],
            "Wrong passwords and codes, by what they were for (sign_in, confirm, sign, administer).",
        );
        let refusals = list.counters(
            "signoff_refusals_total",
            &["reason"],
            "Refused requests, signatures and changes, by reason.",
        );

        let jobs = list.counters(
            "signoff_jobs_total",
            &["kind", "outcome"],
            "Runs of jobs of this process: done, failed, dead (given up) or lost (another server took over).",
        );
        let job_duration =
            list.histograms("signoff_job_duration_seconds", &["kind"], JOB_BUCKETS, "Time of one run of a job.");
        let jobs_waiting =
            list.gauges("signoff_jobs_waiting", &["kind"], "Jobs that are due and not done, of all servers.");
        let jobs_dead = list.gauges("signoff_jobs_dead", &["kind"], "Jobs that were given up, of all servers.");
        let job_oldest_age = list.float_gauges(
            "signoff_job_oldest_age_seconds",
            &["kind"],
            "How long the oldest waiting job has been due; 0 if none is.",
        );

        let last_run_time = list.float_gauges(
            "signoff_last_run_timestamp_seconds",
            &["operation"],
            "When the newest backup, verification, checkpoint (the daily one) or restore ended; absent before the first.",
        );
        let last_success_time = list.float_gauges(
            "signoff_last_success_timestamp_seconds",
            &["operation"],
            "When one of them last succeeded; absent if none has.",
        );
        let last_run_ok =
            list.gauges("signoff_last_run_ok", &["operation"], "Whether the newest one succeeded (1) or failed (0).");
        let verification_problems = list.gauge(
            "signoff_verification_problems",
            "Problems that the nightly verification has found and that are still there.",
        );
        let verification_oldest_time = list.float_gauge(
            "signoff_verification_oldest_timestamp_seconds",
            "When the history was verified that was not verified for longest; 0 before the first verification.",
        );

        let evidence_bytes =
            list.gauge("signoff_evidence_bytes", "Bytes of all evidence files that the database names.");
        let evidence_free_bytes = list.gauge(
            "signoff_evidence_free_bytes",
            "Free bytes of the evidence folder's disk; -1 where there is none, as with a bucket.",
        );
        let history_bytes =
            list.gauge("signoff_history_bytes", "Bytes of the tables of histories, with their indexes.");
        let database_bytes = list.gauge("signoff_database_bytes", "Bytes of the whole database.");

        let build_info = list.gauges("signoff_build_info", &["version"], "1, with the version of the program.");
        let schema_info =
            list.gauges("signoff_schema_info", &["version"], "1, with the version of the database's schema.");
        list.add_process();
        let MetricList { registry, descriptions } = list;
        Self {
            registry,
            descriptions,
            http_requests,
            http_request_duration,
            log_lines,
            database_up,
            database_connections,
            database_connections_max,
            database_acquire_duration,
            redis_command_duration,
            redis_errors,
            cached_launches,
            live_streams,
            open_uploads,
            proof_failures,
            refusals,
            jobs,
            job_duration,
            jobs_waiting,
            jobs_dead,
            job_oldest_age,
            last_run_time,
            last_success_time,
            last_run_ok,
            verification_problems,
            verification_oldest_time,
            evidence_bytes,
            evidence_free_bytes,
            history_bytes,
            database_bytes,
            build_info,
            schema_info,
        }
    }

    /// All metrics, in the order of their declarations.
    #[must_use]
    pub fn descriptions(&self) -> &[MetricDescription] {
        &self.descriptions
    }

    /// The current values in Prometheus's text format, version 0.0.4.
    ///
    /// # Errors
    /// When a metric has no sample of the right kind, which the types exclude.
    pub fn to_text(&self) -> prometheus::Result<String> {
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    pub fn count_refusal(&self, reason: &'static str) {
        self.refusals.with_label_values(&[reason]).inc();
    }

    pub fn count_redis_call(&self, took: Duration, failed: bool) {
        self.redis_command_duration.observe(took.as_secs_f64());
        self.redis_errors.inc_by(failed.into());
    }
}

/// Makes metrics and registers them.
struct MetricList {
    registry: Registry,
    descriptions: Vec<MetricDescription>,
}

impl MetricList {
    fn add<C: Collector + Clone + 'static>(
        &mut self,
        made: prometheus::Result<C>,
        description: MetricDescription,
    ) -> C {
        let metric = made.and_then(|metric| self.registry.register(Box::new(metric.clone())).map(|()| metric));
        self.descriptions.push(description);
        metric.expect("the names are valid, and each is used once")
    }

    /// Adds what the library measures of the process itself. It reads `/proc`, which only Linux has.
    #[cfg(target_os = "linux")]
    fn add_process(&mut self) {
        let process = ProcessCollector::for_self();
        for (name, kind, help) in PROCESS_METRICS {
            self.descriptions.push(MetricDescription { name, kind, labels: &[], help });
        }
        self.registry.register(Box::new(process)).expect("the names are used once");
    }

    #[cfg(not(target_os = "linux"))]
    fn add_process(&mut self) {}

    fn counter(&mut self, name: &'static str, help: &'static str) -> IntCounter {
        self.add(IntCounter::new(name, help), MetricDescription { name, kind: "counter", labels: &[], help })
    }

    fn counters(&mut self, name: &'static str, labels: &'static [&'static str], help: &'static str) -> IntCounterVec {
        let made = IntCounterVec::new(Opts::new(name, help), labels);
        self.add(made, MetricDescription { name, kind: "counter", labels, help })
    }

    fn gauge(&mut self, name: &'static str, help: &'static str) -> IntGauge {
        self.add(IntGauge::new(name, help), MetricDescription { name, kind: "gauge", labels: &[], help })
    }

    fn gauges(&mut self, name: &'static str, labels: &'static [&'static str], help: &'static str) -> IntGaugeVec {
        let made = IntGaugeVec::new(Opts::new(name, help), labels);
        self.add(made, MetricDescription { name, kind: "gauge", labels, help })
    }

    fn float_gauge(&mut self, name: &'static str, help: &'static str) -> Gauge {
        self.add(Gauge::new(name, help), MetricDescription { name, kind: "gauge", labels: &[], help })
    }

    fn float_gauges(&mut self, name: &'static str, labels: &'static [&'static str], help: &'static str) -> GaugeVec {
        let made = GaugeVec::new(Opts::new(name, help), labels);
        self.add(made, MetricDescription { name, kind: "gauge", labels, help })
    }

    fn histogram(&mut self, name: &'static str, buckets: &[f64], help: &'static str) -> Histogram {
        let made = Histogram::with_opts(HistogramOpts::new(name, help).buckets(buckets.to_vec()));
        self.add(made, MetricDescription { name, kind: "histogram", labels: &[], help })
    }

    fn histograms(
        &mut self,
        name: &'static str,
        labels: &'static [&'static str],
        buckets: &[f64],
        help: &'static str,
    ) -> HistogramVec {
        let made = HistogramVec::new(HistogramOpts::new(name, help).buckets(buckets.to_vec()), labels);
        self.add(made, MetricDescription { name, kind: "histogram", labels, help })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_text_has_a_help_line_for_each_metric_with_a_value() {
        let metrics = Metrics::new();
        metrics.count_refusal("not_allowed");
        let text = metrics.to_text().unwrap();
        assert!(text.contains("# HELP signoff_refusals_total "), "{text}");
        assert!(text.contains("signoff_refusals_total{reason=\"not_allowed\"} 1\n"), "{text}");
        assert!(text.contains("signoff_redis_errors_total 0\n"), "{text}");
    }
}
