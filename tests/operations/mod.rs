//! What an operator sees: the answers of the commands to stores that can't be used, the doctor, and the log.

mod doctor;
mod doctor_proxy;
mod output;
mod server_log;
mod start;
mod traces;
