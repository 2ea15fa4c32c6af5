//! `signoff`: a self-hosted web application with which a team gets a launch ready and signs it off.
//!
//! The modules, from the inside out; no module imports one that is listed below it:
//!
//! - [`texts`]: the texts of the interface, by key.
//! - [`domain`]: values and rules, pure.
//! - [`ambient`]: the clock and randomness. [`metrics`]: what the process counts and measures. [`object_location`]: folders
//!   and buckets. [`env_file`], [`config`]: the operator's settings. [`telemetry`]: the log.
//! - [`schema`], [`db`], [`db_watch`], [`redis`], [`blobs`]: the three stores. [`key_file`]: the installation's key on
//!   disk. [`encryption`]: encryption of stored secrets. [`folder_check`]: whether a folder can be written to, and how much.
//! - [`record`]: the only module that changes a launch, the audit log, and the checkpoints of both.
//! - [`state`]: what every request can access.
//! - [`web`]: what every page needs, without any page.
//! - [`queue`]: the queue of background jobs.
//! - [`mail`]: mails, and how they get into the queue. [`outgoing`]: requests to addresses that people enter.
//! - [`access`]: who the user is, and what a route requires.
//! - [`presentation`]: how launches, events and refusals are shown on pages and in JSON.
//! - [`log`]: what the pages and exports of a log need.
//! - the slices: [`launches`], [`items`], [`signoffs`], [`history`], [`audit`], [`bundle`], [`live`], [`checklists`],
//!   [`notifications`], [`my_work`], [`figures`], [`search`], [`calendar_feed`], [`notification_mail`], [`webhooks`], [`accounts`], [`admin`].
//! - [`jobs`]: what background jobs do.
//! - [`demo`]: people and a launch for a first look around.
//! - [`app`]: the slices' routes and the layers around them. [`server`]: the listening socket.
//! - [`monitoring`]: serves the metrics.
//! - [`backup`]: whether a backup is complete.
//! - [`cli`]: the commands.

pub mod access;
pub mod accounts;
pub mod admin;
pub mod ambient;
pub mod app;
pub mod audit;
pub mod backup;
pub mod blobs;
pub mod bundle;
pub mod calendar_feed;
pub mod checklists;
pub mod cli;
pub mod config;
pub mod db;
pub mod db_watch;
pub mod demo;
pub mod domain;
pub mod encryption;
pub mod env_file;
pub mod figures;
pub mod folder_check;
pub mod help;
pub mod history;
pub mod items;
pub mod jobs;
pub mod key_file;
pub mod launches;
pub mod live;
pub mod log;
pub mod mail;
pub mod metrics;
pub mod monitoring;
pub mod my_work;
pub mod notification_mail;
pub mod notifications;
pub mod object_location;
pub mod open_count;
pub mod outgoing;
pub mod presentation;
pub mod queue;
pub mod record;
pub mod redis;
pub mod schema;
pub mod search;
pub mod server;
pub mod shared_check;
pub mod signoffs;
pub mod state;
pub mod telemetry;
pub mod texts;
pub mod traces;
pub mod web;
pub mod webhooks;
