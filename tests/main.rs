//! The application through its real router and socket, with actors as values, each test on a database of its own.

mod accounts;
mod admin;
mod checklists;
mod faults;
mod helpers;
mod my_work;
mod pages;
mod security;
mod server;
