/**
 * Every name and numeral of a base map, with how and at which zooms it is written: what L.MapNames chooses from.
 *
 * @class L.NameList
 */
L.NameList = L.Class.extend({

	/** @param data L.BaseMapData */
	initialize: function (data) {
		this._data = data;
		this.names = [];
		this._ways = {};
		this._areas = data.features.filter(function (f) { return f.type === 2 && L.NameList.AREAS.test(f.kind); });
		data.levels.forEach(this._level, this);
		data.features.forEach(this._feature, this);
		this._addWays();
		// The most important first; then as the data has them, so that the choice never changes by chance.
		this.names.forEach(function (name, i) { name.order = i; });
		this.names.sort(function (a, b) { return a.rank - b.rank || a.order - b.order; });
		this.names.forEach(this._giveWay, this);
		this.names = this.names.filter(this._first());
	},

	/**
	 * Adds a name written at a point, along lines, or in an area.
	 * @param name {text, at: [x, y] or lines, size px, rank, from and to zoom, layer; and from STYLE what differs}
	 */
	_add: function (name) {
		if (name.text) { this.names.push(L.NameList.styled(name)); }
	},

	// Whether a name is the first of its spelling near its place: two files may hold the same fort or station.
	_first: function () {
		var seen = {};
		return function (name) {
			var key = name.text.toLowerCase(), box = name.box;
			if (name.lines || name.numeral) { return true; }
			seen[key] = seen[key] || [];
			if (seen[key].some(function (other) {
				return Math.abs(other.box[0] - box[0]) < L.NameList.SAME && Math.abs(other.box[1] - box[1]) < L.NameList.SAME &&
					other.from < name.to && name.from < other.to;
			})) { return false; }
			seen[key].push(name);
			return true;
		};
	},

	// The short name of a place gives way once its park or great building has room for the full one.
	_giveWay: function (name) {
		if (name.at && name.city && name.halo === 'ground' && this._areas.some(function (f) {
			return f.name && L.BaseMapData.contains(f, name.at[0], name.at[1]);
		})) { name.to = Math.min(name.to, 14.2); }
	},

	_level: function (level, i) {
		var mean = 0, last = i === this._data.levels.length - 1;
		level.shapes.forEach(function (shape) { mean += shape.area / level.shapes.length; });
		level.points.forEach(function (point, j) {
			var number = level.numbers[j], numbered = i === 0 && number !== undefined && number !== null && number !== '';
			if (numbered) { this._numeral(level, j, number, mean); }
			if (last || !numbered) { this._district(level, j, numbered || i ? 15 : 0); }
		}, this);
	},

	// Grows with the districts: 46 px where a district of mean area is 138 px wide; smaller ones get a smaller figure.
	_numeral: function (level, j, number, mean) {
		var data = this._data, small = level.shapes[j].area < 1.08 * mean ? 0.78 : 1;
		this._add({
			text: String(number), at: level.points[j], numeral: true, italic: false, weight: 700, colour: 'ink', rank: -1, layer: level.id,
			size: function (zoom) {
				var side = Math.sqrt(mean) * 256 * Math.pow(2, zoom) / data.UNITS;
				return Math.max(18, Math.min(54, 46 * Math.pow(side / 138, 0.8) * small));
			}
		});
	},

	// In spaced capitals, where the district has room for them.
	_district: function (level, j, from) {
		var box = level.shapes[j].box;
		this._add({
			text: (level.names[j] || '').toUpperCase(), at: level.points[j], room: box[2] - box[0],
			italic: false, spacing: 3, size: 12, colour: 'ink3',
			// Where nothing else tells the districts apart, a tighter name rather than none.
			tight: from ? null : {size: 10.5, spacing: 0.8},
			rank: from ? 20 : 5, from: from, layer: level.id
		});
	},

	_feature: function (f) {
		var make = L.NameList.KINDS[f.kind];
		if (f.type === 1 && /^(street|quay|bridge)$/.test(f.kind)) {
			this._way(f);
		} else if (f.type === 0 && (!make || L.NameList.AREAS.test(f.kind))) {
			// A park or cemetery given as a point is a landmark, unless its area is there and carries the name.
			make = this._inArea(f, !!make) ? null : L.NameList.KINDS.landmark;
		}
		if (make && f.name) { this._add(L.extend({text: f.name, layer: f.layer}, make.call(this, f, this._data))); }
	},

	// Whether a point lies in an area that carries its name, or in any named one.
	_inArea: function (point, any) {
		var text = point.name.toLowerCase();
		return this._areas.some(function (f) {
			return f.name && (any || f.name.toLowerCase().indexOf(text) >= 0) && L.BaseMapData.contains(f, point.parts[0][0], point.parts[0][1]);
		});
	},

	// Features of one name are one street: it is written along them as a whole.
	_way: function (f) {
		var key = f.layer + '/' + f.name;
		if (!this._ways[key]) { this._ways[key] = {layer: f.layer, text: f.name, cls: f.cls, parts: []}; }
		this._ways[key].cls = Math.max(this._ways[key].cls, f.cls);
		this._ways[key].parts = this._ways[key].parts.concat(f.parts);
	},

	_addWays: function () {
		for (var key in this._ways) {
			var way = this._ways[key];
			this._add({
				text: way.text, layer: way.layer, lines: way.parts, italic: false, size: [11.5, 12.5, 13.5][way.cls - 1], colour: 'ink',
				halo: 'street', haloWidth: 2.5,
				rank: [34, 26, 22][way.cls - 1], from: 15, city: true, repeat: 640, margin: 7
			});
		}
	}
});

/** Kinds whose areas are named in them. */
L.NameList.AREAS = /^(park|square|cemetery|building)$/;

/** Units within which two names of one spelling are one name. */
L.NameList.SAME = 16;

/** What a name has unless its kind says otherwise. */
L.NameList.STYLE = {
	// Zooms between which it is written.
	from: 0, to: 99,
	// px
	size: 12.5, spacing: 0, haloWidth: 3,
	weight: 400, italic: true,
	// Tokens of the theme.
	colour: 'ink', halo: 'ground',
	// {size, spacing} for when it has no room otherwise.
	tight: null,
	// Share of the width `room` (units) that the name may take.
	fill: 0.9,
	// Whether it stands on a numeral rather than being left out.
	firm: false,
	// Px beyond which the name is set in two rows; 0 is never.
	wrap: 0,
	// Whether it belongs inside (1) or outside (-1) the ground, where that matters.
	side: 0,
	// Places that are tried, in order: on the point (c), below, above, right, left of it, further below or above (B, A);
	// `gap` px away from it, so that a symbol on the point fits between.
	places: 'cbar', gap: 11,
	// Least px between two writings of one name along a line; 0 is once only.
	repeat: 0,
	// Px of line that must be left over before and after the words.
	margin: 2
};

/** A name with all of its style, and the box [x0, y0, x1, y1] in units that holds its point or lines. */
L.NameList.styled = function (name) {
	var out = L.extend({}, L.NameList.STYLE, name, {
		// A typographic apostrophe, and nothing of what stands in brackets at the end.
		text: name.text.replace(/'/g, '\u2019').replace(/\s*\([^()]*\)$/, ''), box: L.BaseMapData.emptyBox()
	});
	(name.lines || [name.at]).forEach(function (line) { L.BaseMapData.extend(out.box, line); });
	return out;
};

/** How each kind of feature is named: function (feature, data) -> what differs from STYLE; classes are 3, 2, 1. */
L.NameList.KINDS = {
	'water-name': function (f) {
		return {
			lines: f.parts, size: 13, spacing: 2, colour: 'watertext', halo: 'water', rank: 4, from: [13.4, 12.8, 12.2][f.cls - 1], repeat: 900
		};
	},
	'place-name': function (f) {
		return {
			at: f.parts[0], side: 1, places: f.cls === 3 ? 'cbarlBA' : 'cbar', rank: [16, 8, 2][f.cls - 1],
			from: [13.6, 13.1, 12.2][f.cls - 1], to: 15.2, city: true, firm: f.cls === 3
		};
	},
	commune: function (f) {
		return {
			at: f.parts[0], side: -1, spacing: 1.2, colour: 'ink2', halo: 'paper', places: 'cbarl',
			rank: [17, 12, 3][f.cls - 1], from: [13.2, 12.6, 12][f.cls - 1]
		};
	},
	fort: function (f) {
		return {at: f.parts[0], size: 11.5, colour: 'ink2', halo: 'paper', places: 'rlba', gap: 10, rank: 10 - f.cls, from: 12.2};
	},
	gate: function (f) {
		return {at: f.parts[0], size: 11.5, colour: 'ink2', places: 'rlbac', gap: 9, rank: 30 - f.cls, from: 14.2};
	},
	station: function (f) {
		return {at: f.parts[0], places: 'rlba', wrap: 130, rank: 25 - f.cls, from: 14.5};
	},
	// A number of the wall, kept small.
	salient: function (f) {
		return {at: f.parts[0], size: 10.5, italic: false, colour: 'wall', places: 'cbarl', rank: 32, from: 14.2};
	},
	square: function (f, data) {
		if (f.type === 2) { return L.NameList.KINDS.park(f, data); }
		return {at: [(f.box[0] + f.box[2]) / 2, (f.box[1] + f.box[3]) / 2], rank: [33, 27, 23][f.cls - 1], from: [15.4, 15, 15][f.cls - 1]};
	},
	park: function (f, data) {
		// One that is large beside the city is named as early as its quarters.
		var large = L.BaseMapData.area(f.parts[0]) > 0.03 * data.ground.area;
		return {
			at: data.inner(f), room: f.box[2] - f.box[0], fill: 1.25, size: 13, colour: 'parktext', halo: 'park', places: 'cbaBA', rank: 1,
			from: large ? 12.2 : 14.2, city: !large
		};
	},
	cemetery: function (f, data) {
		return L.NameList.KINDS.park(f, data);
	},
	building: function (f, data) {
		return L.extend(L.NameList.KINDS.park(f, data), {size: 12.5, colour: 'ink2', halo: 'building', from: 14.2});
	},
	landmark: function (f) {
		return {at: f.parts[0], wrap: 130, rank: [35, 28, 24][f.cls - 1], from: [15.6, 15.2, 15][f.cls - 1]};
	}
};
