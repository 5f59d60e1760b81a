with

employees as (
    select * from {{ ref('stg_simpeg__employees') }}
),

posts as (
    select
        posts.*,
        kinds.post_kind
    from {{ ref('stg_simpeg__posts') }} as posts
    left join {{ ref('int_posts__kinds') }} as kinds
        on
            posts.post_title is not distinct from kinds.post_title
            and posts.echelon is not distinct from kinds.echelon
),

states as (
    {{ periods_of(
        ref('stg_simpeg__employee_states'), 'employee_id', ['employment_status', 'grade']
    ) }}
),

-- What SIMPEG said when it was first seen is believed of the time before: the status since the
-- appointment, the grade since the post that was held then, for a grade rises with posts.
known as (
    select
        employee_id,
        employment_status,
        grade,
        {{ local_date('known_from_at') }} as seen_date,
        row_number() over (partition by employee_id order by known_from_at) = 1 as is_first
    from states
),

changes as (
    select
        employee_id,
        begin_date as change_date
    from posts
    union
    select
        employee_id,
        seen_date as change_date
    from known
    where not is_first
    union
    select
        employees.employee_id,
        employees.appointment_date as change_date
    from employees
    left join posts
        on employees.employee_id = posts.employee_id
    where posts.post_id is null and employees.appointment_date is not null
),

with_post as (
    select
        changes.employee_id,
        changes.change_date,
        coalesce(posts.unit_code, employees.unit_code) as unit_code,
        coalesce(posts.post_kind, 'unknown') as post_kind,
        posts.echelon,
        posts.begin_date,
        row_number() over (
            partition by changes.employee_id, changes.change_date
            order by posts.begin_date desc, posts.post_id desc
        ) as place_in_row
    from changes
    inner join employees
        on changes.employee_id = employees.employee_id
    left join posts
        on
            changes.employee_id = posts.employee_id
            and changes.change_date >= posts.begin_date
    where employees.leaving_date is null or changes.change_date < employees.leaving_date
),

held_first as (
    select
        known.employee_id,
        max(posts.begin_date) as grade_from
    from known
    inner join posts
        on
            known.employee_id = posts.employee_id
            and known.seen_date >= posts.begin_date
    where known.is_first
    group by known.employee_id
),

with_state as (
    select
        with_post.*,
        known.employment_status,
        case
            when not known.is_first or with_post.change_date >= held_first.grade_from
                then known.grade
        end as grade,
        row_number() over (
            partition by with_post.employee_id, with_post.change_date
            order by known.is_first asc, known.seen_date desc
        ) as state_in_row
    from with_post
    left join known
        on
            with_post.employee_id = known.employee_id
            and (known.is_first or with_post.change_date >= known.seen_date)
    left join held_first
        on with_post.employee_id = held_first.employee_id
    where with_post.place_in_row = 1
),

ended as (
    select
        with_state.employee_id,
        with_state.unit_code,
        with_state.post_kind,
        with_state.echelon,
        with_state.employment_status,
        with_state.grade,
        with_state.change_date as known_from_at,
        coalesce(
            lead(with_state.change_date) over (
                partition by with_state.employee_id order by with_state.change_date
            ),
            employees.leaving_date
        ) as known_until_at
    from with_state
    inner join employees
        on with_state.employee_id = employees.employee_id
    where with_state.state_in_row = 1
),

periods as (
    {{ periods_of(
        'ended', 'employee_id', ['unit_code', 'post_kind', 'echelon', 'employment_status', 'grade']
    ) }}
)

select
    employee_id,
    unit_code,
    post_kind,
    echelon,
    employment_status,
    grade,
    known_from_at as valid_from,
    known_until_at as valid_to
from periods
