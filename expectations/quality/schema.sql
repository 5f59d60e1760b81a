-- Everything here is counts, names of tables and words: no value of any row. Names are Indonesian.
create schema quality;

-- One row per check of this snapshot's audit.
create table quality.checks (
    check_number bigint not null,
    part varchar not null,
    part_name varchar not null,
    severity varchar not null,
    severity_name varchar not null,
    app varchar,
    department_code varchar not null,
    department_name varchar not null,
    table_name varchar not null,
    check_name varchar not null,
    reason varchar not null,
    regulation varchar,
    is_passed boolean not null,
    status_name varchar not null,
    numbers_text varchar not null,
    note varchar
);

-- One row per department that has an app.
create table quality.departments (
    department_code varchar not null,
    department_name varchar not null,
    app_count bigint not null,
    check_count bigint not null,
    warning_count bigint not null,
    critical_count bigint not null,
    verdict varchar not null,
    verdict_name varchar not null,
    table_count bigint not null,
    reconciled_table_count bigint not null,
    open_quarantine_count bigint not null,
    late_app_count bigint not null,
    score_percent double
);

-- One row per app, table, rule and age of open quarantine entries.
create table quality.quarantine (
    app varchar not null,
    app_name varchar not null,
    department_code varchar not null,
    department_name varchar not null,
    table_name varchar not null,
    rule varchar not null,
    rule_name varchar not null,
    age_band_order bigint not null,
    age_band_name varchar not null,
    open_count bigint not null,
    -- Whole rows that are in no report; the other entries cost one value of their row.
    held_back_count bigint not null,
    oldest_at timestamp with time zone not null,
    oldest_days bigint not null
);

-- One row per source table.
create table quality.reconciliation (
    app varchar not null,
    app_name varchar not null,
    department_code varchar not null,
    department_name varchar not null,
    table_name varchar not null,
    source_row_count bigint,
    quarantined_row_count bigint not null,
    lake_row_count bigint not null,
    -- Rows that staging leaves out by a declared rule, such as those sent twice.
    deduplicated_row_count bigint not null,
    staging_row_count bigint,
    difference_row_count bigint,
    -- What a source that can't be counted in the instant of reading may differ by.
    tolerance_row_count bigint not null,
    counted_at timestamp with time zone,
    basis_name varchar not null,
    control_column_count bigint not null,
    control_difference_count bigint not null,
    is_reconciled boolean not null,
    status_name varchar not null,
    explanation varchar not null
);

-- One row per source table and control column. Of a personal column only count and sum are told.
create table quality.control_sums (
    app varchar not null,
    department_code varchar not null,
    table_name varchar not null,
    column_name varchar not null,
    basis_name varchar not null,
    source_sum double,
    lake_sum double,
    source_value_count bigint,
    lake_value_count bigint,
    source_min varchar,
    lake_min varchar,
    source_max varchar,
    lake_max varchar,
    is_equal boolean,
    status_name varchar not null
);

-- One row per table of the marts that is tied to staging, with the rule that filters rows.
create table quality.facts (
    mart varchar not null,
    compared_to varchar not null,
    rule varchar,
    fact_row_count bigint,
    staging_row_count bigint,
    difference_row_count bigint,
    is_reconciled boolean not null,
    reason varchar not null
);

-- One row per app.
create table quality.freshness (
    app varchar not null,
    app_name varchar not null,
    department_code varchar not null,
    department_name varchar not null,
    promise_hours bigint not null,
    last_loaded_at timestamp with time zone,
    last_checked_at timestamp with time zone,
    age_hours double,
    is_late boolean not null,
    is_held boolean not null,
    held_reason varchar,
    held_since timestamp with time zone,
    status_name varchar not null
);

-- One row per change of a source's columns in the last thirty days.
create table quality.drift (
    app varchar not null,
    app_name varchar not null,
    department_code varchar not null,
    department_name varchar not null,
    table_name varchar not null,
    noted_at timestamp with time zone not null,
    noted_on date not null,
    kind varchar not null,
    kind_name varchar not null,
    column_name varchar not null,
    sentence varchar not null
);

-- One row per published dataset: the four principles of Satu Data Indonesia (Perpres 39/2019).
create table quality.scores (
    dataset varchar not null,
    department_code varchar not null,
    department_name varchar not null,
    description varchar not null,
    standard_percent double not null,
    metadata_percent double not null,
    interoperability_percent double not null,
    -- Empty where the dataset has no column with a reference code.
    reference_percent double,
    score_percent double not null,
    grade_name varchar not null
);

-- One row per dataset and principle, with the facts behind the score.
create table quality.score_principles (
    dataset varchar not null,
    principle_order bigint not null,
    principle varchar not null,
    principle_name varchar not null,
    score_percent double,
    explanation varchar not null
);

-- One row per publication, and per candidate that an audit kept from it; the last is this one.
create table quality.history (
    snapshot_id varchar not null,
    audited_at timestamp with time zone not null,
    audited_on date not null,
    is_published boolean not null,
    is_current boolean not null,
    verdict varchar not null,
    verdict_name varchar not null,
    check_count bigint not null,
    warning_count bigint not null,
    critical_count bigint not null,
    table_count bigint,
    reconciled_table_count bigint,
    open_quarantine_count bigint,
    late_app_count bigint,
    score_percent double,
    standard_percent double,
    metadata_percent double,
    interoperability_percent double,
    reference_percent double
);
