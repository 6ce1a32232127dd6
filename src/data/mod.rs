//! Files in: price files (the only polars), downloads (the only reqwest), articles as published and as figures, study files, manifests, and the study
//! that ships inside the program; and the one table out that needs polars, [`parquet_writer`].

pub mod article_file;
pub mod article_reader;
pub mod article_source;
pub mod article_stream;
pub mod built_in;
pub mod configuration;
pub mod download;
pub mod extractor;
mod json_lines;
pub mod load;
pub mod location;
pub mod manifest;
pub mod page;
mod parquet_metadata;
mod parquet_page;
pub mod parquet_writer;
pub mod price_cell;
pub mod price_csv;
pub mod price_file;
pub mod price_layout;
pub mod price_parquet;
mod price_table;
pub mod study_file;
pub mod text_table;
mod thrift;
