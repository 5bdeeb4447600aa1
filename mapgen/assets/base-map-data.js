/**
 * The base map decoded once for every layer that draws or reads it: features by kind, districts by level.
 *
 * Lengths are in units: 2^20 units are one side of the Web Mercator square, counted from the middle of the set,
 * so that the numbers of a path stay small and exact. `transform` turns units into pixels.
 *
 * @class L.BaseMapData
 */
L.BaseMapData = L.Class.extend({

	// Units along one side of the world.
	UNITS: 1048576,

	// Side in units of the squares that features are bundled in, so that only what is in view is stroked.
	CELL: 40,

	// Units by which a line may be off on a small map: half a pixel where L.BaseMap begins to draw in full.
	COARSE: 0.44,

	/** @param base {layers: {file id: columns of its features: kinds, n, k, c, t and those of `lines`}, arcs: columns of the borders,
	 *     levels: [level, coarsest first, its districts as rings of arc numbers, ~n backwards]} */
	initialize: function (base) {
		var levels = base.levels || [];
		this._bundles = {};
		this._arcs = base.arcs ? [].concat.apply([], L.BaseMapData.lines(base.arcs)) : [];
		this._origin(this._arcs, base.layers || {});
		this._arcs.forEach(this._units, this);
		// Thinned arc by arc: neighbours keep their border in common.
		this._thinned = this._arcs.map(function (arc) { return L.BaseMapData.thin(arc, this.COARSE); }, this);
		this.levels = levels.map(this._level, this);
		this.features = [];
		this.files = {};
		Object.keys(base.layers || {}).forEach(function (id) {
			this.files[id] = L.BaseMapData.lines(base.layers[id]).map(function (parts, i) { return this._feature(base.layers[id], i, id, parts); }, this);
			this.features = this.features.concat(this.files[id]);
		}, this);
		this._makeGround();
		this.features.forEach(this._placeWater, this);
	},

	/** Where units fall in a view: pixel = unit * k + x (or y). */
	frame: function (view) {
		return {k: view.scale / this.UNITS, x: this.x0 * view.scale - view.x, y: this.y0 * view.scale - view.y};
	},

	/** Sets the canvas so that paths in units fall on their pixels; returns the pixels in a unit. */
	transform: function (ctx, view) {
		var f = this.frame(view), r = view.ratio;
		ctx.setTransform(r * f.k, 0, 0, r * f.k, r * f.x, r * f.y);
		return f.k;
	},

	/** The part of the world in units that a view shows: [west, north, east, south]. */
	bounds: function (view) {
		var f = this.frame(view), x = -f.x / f.k, y = -f.y / f.k;
		return [x, y, x + view.width / f.k, y + view.height / f.k];
	},

	/** The place of a latitude and longitude in units: [x, y]. */
	point: function (latlng) {
		return [(L.CanvasLayer.worldX(latlng.lng) - this.x0) * this.UNITS, (L.CanvasLayer.worldY(latlng.lat) - this.y0) * this.UNITS];
	},

	/** The latitude and longitude of a place in units. */
	latLng: function (x, y) {
		var wx = x / this.UNITS + this.x0, wy = y / this.UNITS + this.y0;
		return L.latLng(Math.atan(Math.sinh(Math.PI * (1 - 2 * wy))) * 180 / Math.PI, wx * 360 - 180);
	},

	/**
	 * The lines and areas of one file that a drawing needs, bundled: [{box, path}].
	 * @param choice what the caller calls this choice; it is made once for each name and file
	 * @param test function (feature) -> Boolean
	 * @param coarse whether for a small map, with fewer vertices
	 */
	bundles: function (file, choice, test, coarse) {
		var key = file + '/' + choice + (coarse ? '/coarse' : ''), tolerance = this.COARSE;
		if (!this._bundles[key]) {
			var cells = {}, size = this.CELL;
			this.files[file].forEach(function (f) {
				if (f.type === 0 || !test(f)) { return; }
				var cell = Math.floor((f.box[0] + f.box[2]) / 2 / size) + '/' + Math.floor((f.box[1] + f.box[3]) / 2 / size),
				    bundle = cells[cell] || (cells[cell] = {box: f.box.slice(), path: new Path2D()});
				L.BaseMapData.grow(bundle.box, f.box);
				f.parts.forEach(function (part) {
					L.BaseMapData.trace(bundle.path, coarse ? L.BaseMapData.thin(part, tolerance) : part, f.type === 2);
				});
			});
			this._bundles[key] = Object.keys(cells).sort().map(function (cell) { return cells[cell]; });
		}
		return this._bundles[key];
	},

	/** The level with this id; the finest without one. */
	level: function (id) {
		var found = this.levels.filter(function (level) { return level.id === id; })[0];
		return found || (id ? null : this.levels[this.levels.length - 1]);
	},

	/** The district with this id on any level: {level, index, path, box, parts}, or null. */
	district: function (id) {
		for (var i = 0; i < this.levels.length; i++) {
			var index = this.levels[i].index[id];
			if (index !== undefined) { return this.levels[i].shapes[index]; }
		}
		return null;
	},

	/** The id of the district of a level (the finest without one) that holds a place, or null. */
	districtAt: function (latlng, levelId) {
		var level = this.level(levelId), p = this.point(latlng);
		for (var i = 0; level && i < level.shapes.length; i++) {
			if (L.BaseMapData.contains(level.shapes[i], p[0], p[1])) { return level.ids[i]; }
		}
		return null;
	},

	/** A place well inside an area feature, found among the points of a net over it: [x, y]. */
	inner: function (shape) {
		var box = shape.box, n = 12, best = -1, found = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
		for (var i = 1; i < n; i++) {
			for (var j = 1; j < n; j++) {
				var x = box[0] + (box[2] - box[0]) * i / n, y = box[1] + (box[3] - box[1]) * j / n,
				    d = L.BaseMapData.contains(shape, x, y) ? L.BaseMapData.clearance(shape, x, y) : -1;
				if (d > best) {
					best = d;
					found = [x, y];
				}
			}
		}
		return found;
	},

	// The middle of what is there, so that paths count from it.
	_origin: function (arcs, layers) {
		var box = L.BaseMapData.emptyBox(), lines = arcs.slice();
		for (var id in arcs.length ? {} : layers) {
			L.BaseMapData.lines(layers[id]).forEach(function (parts) { lines.push.apply(lines, parts); });
		}
		lines.forEach(function (line) { L.BaseMapData.extend(box, line); });
		this.x0 = lines.length ? (box[0] + box[2]) / 2 : 0.5;
		this.y0 = lines.length ? (box[1] + box[3]) / 2 : 0.5;
	},

	/** One line or ring of delta-coded degrees in units. */
	units: function (numbers) {
		return this._units(L.CanvasLayer.decode(numbers));
	},

	_units: function (out) {
		for (var i = 0; i < out.length; i += 2) {
			out[i] = (out[i] - this.x0) * this.UNITS;
			out[i + 1] = (out[i + 1] - this.y0) * this.UNITS;
		}
		return out;
	},

	// The i-th feature of a file that is kept in columns.
	_feature: function (raw, i, layer, parts) {
		var f = {layer: layer, kind: raw.kinds[raw.k[i]], cls: raw.c[i], name: raw.n[i], type: raw.t[i], box: L.BaseMapData.emptyBox()};
		f.parts = parts.map(this._units, this);
		if (f.type === 2) {
			// Outer rings one way, holes the other: then many areas can be filled as one path, overlapping or not.
			f.parts = f.parts.map(function (ring, i) { return L.BaseMapData.wind(ring, i === 0); });
		}
		f.parts.forEach(function (part) { L.BaseMapData.extend(f.box, part); });
		return f;
	},

	_level: function (raw) {
		var level = {
			id: raw.id, ids: raw.ids, numbers: raw.numbers || [], names: raw.names || [], index: {},
			lines: this._lines(raw.lines, this._arcs), coarse: this._lines(raw.lines, this._thinned), points: raw.points.map(this.units, this)
		};
		level.shapes = raw.rings.map(function (rings, i) {
			var shape = {level: level, index: i, path: new Path2D(), coarse: new Path2D(), box: L.BaseMapData.emptyBox(), parts: [], area: 0};
			rings.forEach(function (ring) {
				var part = this._ring(ring, this._arcs);
				shape.parts.push(part);
				L.BaseMapData.trace(shape.path, part, true);
				L.BaseMapData.trace(shape.coarse, this._ring(ring, this._thinned), true);
				L.BaseMapData.extend(shape.box, part);
				shape.area += Math.abs(L.BaseMapData.area(part));
			}, this);
			level.index[raw.ids[i]] = i;
			return shape;
		}, this);
		return level;
	},

	_lines: function (numbers, arcs) {
		var path = new Path2D();
		numbers.forEach(function (n) { L.BaseMapData.trace(path, arcs[n], false); });
		return path;
	},

	// One ring from its arcs, each of which begins where the one before it ends.
	_ring: function (numbers, arcs) {
		var out = [];
		numbers.forEach(function (n) {
			var arc = arcs[n < 0 ? ~n : n], i;
			for (i = 0; i < arc.length - 2; i += 2) {
				var at = n < 0 ? arc.length - 2 - i : i;
				out.push(arc[at], arc[at + 1]);
			}
		});
		return Float64Array.from(out.concat(out.slice(0, 2)));
	},

	// The ground: the limit when there is one, else all districts of the finest level together.
	_makeGround: function () {
		var limits = this.features.filter(function (f) { return f.kind === 'limit'; }), level = this.level(),
		    shapes = limits.length || !level ? limits : level.shapes;
		this.hasLimit = limits.length > 0;
		this.ground = {path: new Path2D(), parts: [], box: L.BaseMapData.emptyBox(), area: 0};
		shapes.forEach(function (shape) {
			this.ground.parts = this.ground.parts.concat(shape.parts);
			this.ground.area += Math.abs(L.BaseMapData.area(shape.parts[0]));
			L.BaseMapData.grow(this.ground.box, shape.box);
			this.ground.path.addPath(shape.path || this._path(shape));
		}, this);
	},

	_path: function (feature) {
		var path = new Path2D();
		feature.parts.forEach(function (part) { L.BaseMapData.trace(path, part, feature.type === 2); });
		return path;
	},

	// Water that never touches the ground is painted under it, the other over washes and borders.
	_placeWater: function (f) {
		f.inside = f.kind === 'water' && f.parts.some(function (part) {
			for (var i = 0; i < part.length; i += 2) {
				if (L.BaseMapData.contains(this.ground, part[i], part[i + 1])) { return true; }
			}
			return false;
		}, this);
	}
});

L.extend(L.BaseMapData, {

	/**
	 * The parts of each feature of a file in world units.
	 * @param raw {g: [vertices of the feature, or of each of its parts], x0, y0: where parts start, each counted from the end of
	 *     the one before, x, y: the steps from vertex to vertex}, packed, in 2e-5 degrees
	 */
	lines: function (raw) {
		var x = L.CanvasLayer.unpack(raw.x), y = L.CanvasLayer.unpack(raw.y), x0 = L.CanvasLayer.unpack(raw.x0), y0 = L.CanvasLayer.unpack(raw.y0),
		    lon = 0, lat = 0, part = 0, step = 0;
		return raw.g.map(function (sizes) {
			return [].concat(sizes).map(function (size) {
				var out = new Float64Array(size * 2);
				lon += x0[part];
				lat += y0[part++];
				for (var i = 0; i < out.length; i += 2) {
					if (i) {
						lon += x[step];
						lat += y[step++];
					}
					out[i] = L.CanvasLayer.worldX(lon / 5e4);
					out[i + 1] = L.CanvasLayer.worldY(lat / 5e4);
				}
				return out;
			});
		});
	},

	emptyBox: function () {
		return [Infinity, Infinity, -Infinity, -Infinity];
	},

	/** Makes a box hold another one. */
	grow: function (box, other) {
		box[0] = Math.min(box[0], other[0]);
		box[1] = Math.min(box[1], other[1]);
		box[2] = Math.max(box[2], other[2]);
		box[3] = Math.max(box[3], other[3]);
	},

	/** Makes a box hold a line of coordinates. */
	extend: function (box, line) {
		for (var i = 0; i < line.length; i += 2) {
			if (line[i] < box[0]) { box[0] = line[i]; }
			if (line[i] > box[2]) { box[2] = line[i]; }
			if (line[i + 1] < box[1]) { box[1] = line[i + 1]; }
			if (line[i + 1] > box[3]) { box[3] = line[i + 1]; }
		}
	},

	/** Whether two boxes meet. */
	meet: function (a, b) {
		return a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1];
	},

	/** A line or ring with fewer vertices, nowhere further off than a tolerance (Douglas-Peucker, by Leaflet); ends stay. */
	thin: function (line, tolerance) {
		var points = [], closed = line.length > 6 && line[0] === line[line.length - 2] && line[1] === line[line.length - 1], half;
		for (var i = 0; i < line.length; i += 2) { points.push(L.point(line[i], line[i + 1])); }
		if (closed) {
			// A ring is thinned in two halves: between equal ends there is no line to be near to.
			half = points.length >> 1;
			points = L.LineUtil.simplify(points.slice(0, half + 1), tolerance).concat(L.LineUtil.simplify(points.slice(half), tolerance).slice(1));
		} else if (points.length > 2) {
			points = L.LineUtil.simplify(points, tolerance);
		}
		return Float64Array.from([].concat.apply([], points.map(function (p) { return [p.x, p.y]; })));
	},

	/** Adds a line or ring to a path. */
	trace: function (path, line, close) {
		path.moveTo(line[0], line[1]);
		for (var i = 2; i < line.length; i += 2) { path.lineTo(line[i], line[i + 1]); }
		if (close) { path.closePath(); }
	},

	/** Area of a ring, above zero when it runs clockwise on the screen. */
	area: function (ring) {
		var sum = 0, n = ring.length;
		for (var i = 0, j = n - 2; i < n; j = i, i += 2) { sum += ring[j] * ring[i + 1] - ring[i] * ring[j + 1]; }
		return sum / 2;
	},

	/** The ring, turned round unless it runs the way that is asked for. */
	wind: function (ring, clockwise) {
		if ((L.BaseMapData.area(ring) > 0) === clockwise) { return ring; }
		var out = new Float64Array(ring.length);
		for (var i = 0; i < ring.length; i += 2) {
			out[ring.length - 2 - i] = ring[i];
			out[ring.length - 1 - i] = ring[i + 1];
		}
		return out;
	},

	/** Square of the distance from a point to the nearest corner of a shape. */
	clearance: function (shape, x, y) {
		var least = Infinity;
		shape.parts.forEach(function (ring) {
			for (var i = 0; i < ring.length; i += 2) {
				least = Math.min(least, Math.pow(ring[i] - x, 2) + Math.pow(ring[i + 1] - y, 2));
			}
		});
		return least;
	},

	/** Whether a shape {box, parts} holds a point; holes and several outer rings are both right by counting crossings. */
	contains: function (shape, x, y) {
		if (x < shape.box[0] || x > shape.box[2] || y < shape.box[1] || y > shape.box[3]) { return false; }
		var inside = false;
		shape.parts.forEach(function (ring) {
			for (var i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
				if ((ring[i + 1] > y) !== (ring[j + 1] > y) &&
					x < (ring[j] - ring[i]) * (y - ring[i + 1]) / (ring[j + 1] - ring[i + 1]) + ring[i]) { inside = !inside; }
			}
		});
		return inside;
	}
});

/** The decoded store; give the same one to every layer of a map. A store given in place of data is handed back. */
L.baseMapData = function (base) {
	return base instanceof L.BaseMapData ? base : new L.BaseMapData(base);
};
