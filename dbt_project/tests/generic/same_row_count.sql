{# As many rows here as there where the condition holds: none lost, none doubled. #}
{% test same_row_count(model, compare_to, condition="true") %}
    with

    counted as (
        select
            (select count(*) from {{ model }}) as row_count,
            (select count(*) from {{ compare_to }} where {{ condition }}) as expected_count
    )

    select *
    from counted
    where row_count <> expected_count
{% endtest %}
