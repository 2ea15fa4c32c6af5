//! `signoff`: a self-hosted web application with which a team gets a launch ready and signs it off.
//!
//! The map of the house, from the inside out; nothing imports what stands below it in this list:
//!
//! - [`domain`]: values and rules, pure.
//! - [`ambient`]: the clock and randomness. [`env_file`], [`config`]: what the operator decides. [`telemetry`]: the log.
//! - [`db`], [`redis`], [`blobs`]: the three stores. [`key_file`]: the installation's key on disk. [`sealed`]: secrets
//!   that are kept encrypted.
//! - [`record`]: the one door that changes a launch, the installation's log, and the checkpoints of both.
//! - [`state`]: what every request can reach.
//! - [`web`]: what every page needs, and no page.
//! - [`mail`]: letters, and the outbox they wait in.
//! - [`access`]: who is asking, and what a route demands.
//! - [`launch_page`]: what every page of a launch needs.
//! - the slices: [`launches`], [`items`], [`signoffs`], [`history`], [`bundle`], [`live`], [`checklists`], [`my_work`], [`search`],
//!   [`accounts`], [`admin`].
//! - [`jobs`]: what is done without anybody asking.
//! - [`demo`]: people and a launch for a first look round.
//! - [`app`]: the slices' routes and the layers around them. [`server`]: the listening socket.
//! - [`backup`]: whether a backup is whole.
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
pub mod checklists;
pub mod cli;
pub mod config;
pub mod db;
pub mod demo;
pub mod domain;
pub mod env_file;
pub mod history;
pub mod items;
pub mod jobs;
pub mod key_file;
pub mod launch_page;
pub mod launches;
pub mod live;
pub mod mail;
pub mod my_work;
pub mod open_count;
pub mod record;
pub mod redis;
pub mod sealed;
pub mod search;
pub mod server;
pub mod signoffs;
pub mod state;
pub mod telemetry;
pub mod web;
