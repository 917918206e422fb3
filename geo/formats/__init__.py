"""Files of features: GeoJSON, GeoPackage and shapefile, and where on the earth they lie."""
