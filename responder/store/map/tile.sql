-- One Mapbox Vector Tile of one circle: roads, buildings, labels.
-- Mercator ends before the poles, so that what lies beyond its 85 degrees is not asked for.
WITH bounds AS (
    SELECT
        ST_TileEnvelope(:z, :x, :y) AS mercator,
        ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 64.0 / 4096), 4326) AS degrees
), road_lines AS (
    SELECT
        road.road_id AS id,
        road.class,
        road.name,
        road.width_m,
        -- Left out where it is false, as it nearly always is.
        NULLIF(road.width_unread, false) AS width_unread,
        road.oneway,
        road.layer,
        ST_AsMVTGeom(
            ST_Simplify(ST_Transform(road.geometry, 3857), :tolerance_m, true), bounds.mercator, 4096, 64
        ) AS geometry
    FROM road, bounds
    WHERE road.circle_id = :circle_id
        AND road.geometry && bounds.degrees
        AND ST_YMin(road.geometry) > -85.05 AND ST_YMax(road.geometry) < 85.05
        AND (CAST(:classes AS text[]) IS NULL OR road.class = ANY(CAST(:classes AS text[])))
), building_areas AS (
    SELECT
        CAST(building.id AS text) AS id,
        building.name,
        building.name_en,
        building.storeys,
        -- A decimal would arrive as text.
        CAST(COALESCE(building.storeys, 2) * 3.0 AS float8) AS height_m,
        building.use,
        building.households,
        ST_AsMVTGeom(
            ST_SimplifyPreserveTopology(ST_Transform(building.geometry, 3857), :tolerance_m),
            bounds.mercator, 4096, 64
        ) AS geometry
    FROM building, bounds
    WHERE :z >= 13
        AND building.circle_id = :circle_id
        AND building.geometry && bounds.degrees
        AND ST_YMin(building.geometry) > -85.05 AND ST_YMax(building.geometry) < 85.05
), label_points AS (
    SELECT
        CAST(building.id AS text) AS id,
        building.name,
        building.name_en,
        CASE WHEN building.use = 'residential' THEN 2 ELSE 1 END AS rank,
        ST_AsMVTGeom(
            ST_Transform(ST_PointOnSurface(building.geometry), 3857), bounds.mercator, 4096, 0
        ) AS geometry
    FROM building, bounds
    WHERE building.name <> ''
        AND (:z >= 16 OR (:z >= 14 AND building.use <> 'residential'))
        AND building.circle_id = :circle_id
        AND building.geometry && bounds.degrees
        AND ST_YMin(building.geometry) > -85.05 AND ST_YMax(building.geometry) < 85.05
)
SELECT
    (SELECT ST_AsMVT(road_lines, 'roads', 4096, 'geometry', 'id') FROM road_lines WHERE geometry IS NOT NULL)
    || (SELECT ST_AsMVT(building_areas, 'buildings', 4096, 'geometry') FROM building_areas WHERE geometry IS NOT NULL)
    || (SELECT ST_AsMVT(label_points, 'labels', 4096, 'geometry') FROM label_points WHERE geometry IS NOT NULL)
