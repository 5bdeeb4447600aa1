/**
 * All lettering of the map: numerals and names of districts, places, water, streets, landmarks. Names yield to the
 * symbols of the events and to each other: a name that finds no room at this step is left out.
 *
 * What can be written where is worked out once for a zoom; a step only chooses again, and draws when the choice differs.
 *
 * @class L.MapNames
 * @inherits L.CanvasLayer
 */
L.MapNames = L.CanvasLayer.extend({

	options: {
		zIndex: 4,
		// The clock whose `change`, `filter` and `select` move the symbols.
		clock: null,
		// function () -> [[x0, y0, x1, y1]], or the same numbers in one row: what names must keep clear of, in px of this
		// canvas (view pixels).
		avoid: null,
		// function (latlng) -> css colour or null: what covers the ground at a place, for the halo of the words there.
		under: null,
		// Base files, and levels of districts, whose names are left out: {id: true}.
		hidden: {},
		// Whether districts are filled with colours: then places, parks and streets are not named.
		filled: false,
		// Width of a map in px under which it carries no numerals when zoomed out.
		smallMap: 480,
		// Px kept free between two names, and between a name and the edge of the map.
		between: 2, edge: 4
	},

	// Events of the clock after which names are chosen again.
	CLOCK: 'change filter select',

	/** @param base data of the base map, or a L.BaseMapData made from it */
	initialize: function (base, options) {
		L.setOptions(this, options);
		this._data = L.baseMapData(base);
		this._list = new L.NameList(this._data).names;
		this._covers = this._data.features.filter(function (f) {
			return f.type === 2 && (f.inside || L.NameList.AREAS.test(f.kind));
		});
		this._marks = this._data.features.filter(function (f) { return /^(fort|station|wall|bastion)$/.test(f.kind); });
		this._words = [];
		this._pen = new L.NamePen();
	},

	onAdd: function (map) {
		L.CanvasLayer.prototype.onAdd.call(this, map);
		if (this.options.clock) { this.options.clock.on(this.CLOCK, this._change, this); }
	},

	onRemove: function (map) {
		if (this.options.clock) { this.options.clock.off(this.CLOCK, this._change, this); }
		L.CanvasLayer.prototype.onRemove.call(this, map);
	},

	/** Chooses the base files (and levels) whose names are left out: {id: true}. */
	setHidden: function (hidden) {
		this.options.hidden = hidden || {};
		this._zoom = null;
		return this.redraw();
	},

	/** Tells whether districts are filled with colours. */
	setFilled: function (filled) {
		this.options.filled = !!filled;
		return this.redraw();
	},

	/**
	 * Words that come before all names, such as those of the sides, near their point and always shown:
	 * [{text, lat, lon, size, spacing, weight, italic, colour: token, halo: token, haloWidth, own: function (latlng)}], `own` telling
	 * where they may stand.
	 */
	setWords: function (words) {
		this._words = (words || []).map(function (word) {
			return L.NameList.styled(L.extend({at: this._data.point(L.latLng(word.lat, word.lon)), fixed: true}, word));
		}, this);
		return this.redraw();
	},

	/** Asks for a drawing one frame after the symbols have found their places. */
	redraw: function () {
		this._later(this._render);
		return this;
	},

	_later: function (fn) {
		if (!this._map) { return; }
		if (this._frame) { L.Util.cancelAnimFrame(this._frame); }
		this._frame = L.Util.requestAnimFrame(function () {
			this._frame = L.Util.requestAnimFrame(fn, this);
		}, this);
		this._due = fn;
	},

	// A step: chooses again, and draws when other names or other places of theirs come out.
	_change: function () {
		this._later(this._frame && this._due === this._render ? this._render : this._check);
	},

	_check: function () {
		this._frame = null;
		if (!this._view || this._map._animatingZoom) { return; }
		if (this._signature(this._choose(this._view)) !== this._drawn) { this._render(); }
	},

	_signature: function (chosen) {
		return chosen.map(function (c) { return c.id + c.halo; }).join();
	},

	_paint: function (ctx, view) {
		var chosen = this._choose(view);
		this._drawn = this._signature(chosen);
		this._pen.begin(ctx, view.ratio);
		chosen.forEach(this._write, this);
		this._pen.end();
	},

	/** The names that find room in a view: [{id, name, x, y, spot, halo}], numerals first. */
	_choose: function (view) {
		// Numerals are pale: names keep off them too, but the important ones rather stand on a numeral than are left out.
		var out = [], grid = new L.LabelGrid(), pale = new L.LabelGrid(), bounds = this._data.bounds(view), frame = this._data.frame(view);
		this._begin(view, frame);
		this._avoid(grid);
		this._blocked.forEach(function (b) {
			var box = [b[0] + frame.x, b[1] + frame.y, b[2] + frame.x, b[3] + frame.y];
			if (L.BaseMapData.meet(box, this._outer)) { grid.add(box); }
		}, this);
		this._words.concat(this._list).forEach(function (name, i) {
			if (!this._shown(name, view) || !L.BaseMapData.meet(name.box, bounds)) { return; }
			this._place(name, i, frame, grid, pale, out);
		}, this);
		return out;
	},

	_avoid: function (grid) {
		var boxes = this.options.avoid ? this.options.avoid() : null;
		for (var i = 0; boxes && i < boxes.length; i += typeof boxes[i] === 'number' ? 4 : 1) {
			grid.add(typeof boxes[i] === 'number' ? boxes.slice(i, i + 4) : boxes[i]);
		}
	},

	_begin: function (view, frame) {
		if (this._zoom !== view.zoom) {
			this._zoom = view.zoom;
			this._ready = new Map();
			this._blocked = this._obstacles(frame.k);
		}
		this._k = frame.k;
		var size = this._map.getSize(), e = this.options.edge;
		this._outer = [0, 0, view.width, view.height];
		this._inner = [view.pad.x + e, view.pad.y + e, view.pad.x + size.x - e, view.pad.y + size.y - e];
		this._small = size.x < this.options.smallMap && view.zoom < L.BaseMap.prototype.CITY;
	},

	_shown: function (name, view) {
		var o = this.options;
		if (view.zoom < name.from || view.zoom >= name.to || o.hidden[name.layer]) { return false; }
		return !(o.filled && name.city) && !(name.numeral && this._small);
	},

	// Forts, stations and the wall are kept clear: boxes in px along their points and lines, worked out once for a zoom.
	_obstacles: function (k) {
		var out = [], zoom = this._zoom, streets = L.BaseMap.prototype.STREETS;
		this._marks.forEach(function (f) {
			var drawn = f.kind === 'bastion' || f.kind === 'station' ? zoom >= streets : f.kind === 'wall' ? zoom < streets : true,
			    half = f.type ? 3 : 7;
			if (!drawn || zoom < L.BaseMap.prototype.CITY || this.options.hidden[f.layer]) { return; }
			f.parts.forEach(function (part) {
				L.LineText.along(part.map(function (v) { return v * k; }), 6, function (x, y) { out.push([x - half, y - half, x + half, y + half]); });
			});
		}, this);
		return out;
	},

	// Tries the spots of a name in turn and takes the first that is free, further ones where a long line may repeat it.
	_place: function (name, i, frame, grid, pale, out) {
		var ready = this._prepare(name, i, frame.k), taken = [], round, j;
		// The words of a side stand on its ground, else before the walls, else where they belong.
		for (round = 0; round < (name.fixed ? 3 : name.firm ? 2 : 1) && !taken.length; round++) {
			for (j = 0; j < ready.spots.length && (!taken.length || name.repeat); j++) {
				var spot = ready.spots[j];
				if (taken.length && this._near(taken, spot, name.repeat)) { continue; }
				if (!spot.boxes) { this._lay(spot, ready, name); }
				if (!name.numeral && round < 2 && !this._fits(spot, frame, name, round || name.fixed ? [grid] : [grid, pale])) { continue; }
				if (name.fixed && round < 2 && !(round ? this._onSide(spot.whole, -1, frame.k) : this._onOwn(spot, name))) { continue; }
				this._take(spot, frame, name.numeral ? pale : grid);
				taken.push(spot);
				out.push({
					id: i + '.' + j + ' ', name: name, ready: ready, spot: spot, x: spot.x + frame.x, y: spot.y + frame.y, halo: this._halo(name, spot)
				});
			}
		}
	},

	_take: function (spot, frame, grid) {
		spot.boxes.forEach(function (b) { grid.add([b[0] + frame.x, b[1] + frame.y, b[2] + frame.x, b[3] + frame.y]); });
	},

	_near: function (taken, spot, distance) {
		if (!spot.boxes) {
			var p = L.LineText.at(spot.line, spot.lengths, spot.from + spot.width / 2);
			spot.x = p[0];
			spot.y = p[1];
		}
		return taken.some(function (t) { return Math.abs(t.x - spot.x) < distance && Math.abs(t.y - spot.y) < distance; });
	},

	// Whether all boxes are free in all grids and the words are not cut by the edge of the map.
	_fits: function (spot, frame, name, grids) {
		var x = frame.x, y = frame.y, whole = spot.whole, box = [whole[0] + x, whole[1] + y, whole[2] + x, whole[3] + y],
		    v = this._inner, inside = box[0] >= v[0] && box[1] >= v[1] && box[2] <= v[2] && box[3] <= v[3],
		    pad = name.lines ? 0 : this.options.between;
		if (!L.BaseMapData.meet(box, this._outer) || (!inside && L.BaseMapData.meet(box, v))) { return false; }
		return spot.boxes.every(function (b) {
			return grids.every(function (grid) { return grid.free([b[0] + x, b[1] + y, b[2] + x, b[3] + y], pad); });
		});
	},

	// The colour of what lies under words: of the water, park or building there, else of what covers the ground there.
	_halo: function (name, spot) {
		if (name.halo !== 'ground' || name.numeral) { return ''; }
		var x = spot.x / this._k, y = spot.y / this._k;
		if (spot.cover === undefined) {
			// The words must lie over it by half of their width at least: elsewhere a halo of its colour would be a stain.
			var reach = spot.whole ? (spot.whole[2] - spot.whole[0]) / 4 / this._k : 0, cover = this._covers.filter(function (f) {
				return [x, x - reach, x + reach].every(function (at) { return L.BaseMapData.contains(f, at, y); });
			}).pop();
			spot.cover = !cover ? '' : cover.kind === 'water' || cover.kind === 'building' ? cover.kind : 'park';
		}
		if (spot.cover === 'water' || !this.options.under) { return spot.cover && this.token(spot.cover); }
		return this.options.under(this._data.latLng(x, y)) || (spot.cover && this.token(spot.cover));
	},

	/** What a name needs at this zoom, worked out when it first comes into view: {size, spacing, font, rows, width, spots}. */
	_prepare: function (name, i, k) {
		var ready = this._ready.get(name);
		if (!ready) {
			ready = this._set(name, k, name.size, name.spacing);
			if (!ready.spots.length && name.tight) { ready = this._set(name, k, name.tight.size, name.tight.spacing); }
			this._ready.set(name, ready);
		}
		return ready;
	},

	_set: function (name, k, size, spacing) {
		var ready = {size: typeof size === 'function' ? Math.round(size(this._zoom) * 2) / 2 : size, spacing: spacing, rows: [name.text]};
		ready.font = (name.italic ? 'italic ' : '') + name.weight + ' ' + ready.size + 'px ' + this.token('serif');
		ready.width = this._pen.measure(name.text, ready.font, spacing);
		ready.spots = name.lines ? this._lineSpots(name, ready, k) : this._pointSpots(name, ready, k);
		return ready;
	},

	_lineSpots: function (name, ready, k) {
		if (!name.chains) { name.chains = L.LineText.join(name.lines, 0.15); }
		var lines = name.chains.map(function (chain) { return chain.map(function (v) { return v * k; }); }),
		    spots = L.LineText.spots(lines, ready.width, name.margin);
		spots.forEach(function (spot) { spot.width = ready.width; });
		return spots;
	},

	_pointSpots: function (name, ready, k) {
		var room = name.room ? name.room * k * name.fill : name.wrap;
		if (room && !this._fitRoom(name, ready, room) && name.room) { return []; }
		var x = name.at[0] * k, y = name.at[1] * k, g = name.gap, out = [],
		    w = ready.width / 2, h = ready.size * (ready.rows.length * 1.2 - 0.2) / 2;
		if (name.numeral) {
			w *= 0.9;
			h *= 0.72;
		}
		if (name.fixed) { return this._latticeSpots(x, y, w, h); }
		name.places.split('').forEach(function (place) {
			var to = L.MapNames.PLACES[place], dx = to[0] * (g + w), dy = to[1] * (g + h),
			    box = [x + dx - w, y + dy - h, x + dx + w, y + dy + h];
			if (!name.side || this._onSide(box, name.side, k)) { out.push({x: x + dx, y: y + dy, boxes: [box], whole: box}); }
		}, this);
		return out;
	},

	// Spots all round a point, the nearest first: there is nearly always one that is free.
	_latticeSpots: function (x, y, w, h) {
		var out = [], i, j;
		for (i = -6; i <= 6; i++) {
			for (j = -14; j <= 14; j++) { out.push([i * w * 0.4, j * h * 1.4]); }
		}
		return out.sort(function (a, b) { return Math.hypot(a[0], a[1]) - Math.hypot(b[0], b[1]); }).map(function (to) {
			var box = [x + to[0] - w, y + to[1] - h, x + to[0] + w, y + to[1] + h];
			return {x: x + to[0], y: y + to[1], boxes: [box], whole: box};
		});
	},

	// Whether words stand within the ground, and on that part of it that is theirs; told once for a spot.
	_onOwn: function (spot, name) {
		var b = spot.whole, k = this._k, data = this._data;
		if (spot.own === undefined) {
			spot.own = this._onSide(b, 1, k) && [b[0], (b[0] + b[2]) / 2, b[2]].every(function (x) {
				return [b[1], b[3]].every(function (y) { return name.own(data.latLng(x / k, y / k)); });
			});
		}
		return spot.own;
	},

	// Whether the words fit into a width in px, in one row or else in two, which they are set in then.
	_fitRoom: function (name, ready, room) {
		var words = name.text.split(' '), best = null;
		if (ready.width <= room) { return true; }
		for (var i = 1; i < words.length; i++) {
			var rows = [words.slice(0, i).join(' '), words.slice(i).join(' ')],
			    width = Math.max(this._pen.measure(rows[0], ready.font, ready.spacing), this._pen.measure(rows[1], ready.font, ready.spacing));
			if (!best || width < best.width) { best = {rows: rows, width: width}; }
		}
		L.extend(ready, best);
		return ready.width <= room;
	},

	// Whether a box (px) lies on one side of the edge of the ground: 1 within, -1 outside and clear of a wall on it.
	_onSide: function (box, side, k) {
		var ground = this._data.ground, pad = side < 0 ? 6 : 0;
		for (var i = 0; i <= 4; i++) {
			for (var j = 0; j <= 1; j++) {
				var x = box[0] - pad + (box[2] - box[0] + 2 * pad) * i / 4, y = j ? box[3] + pad : box[1] - pad;
				if (L.BaseMapData.contains(ground, x / k, y / k) !== side > 0) { return false; }
			}
		}
		return true;
	},

	_lay: function (spot, ready, name) {
		L.extend(spot, L.LineText.lay(spot, ready.width, ready.size, this._pen.advances(name.text, ready.font, ready.spacing)));
		spot.whole = L.BaseMapData.emptyBox();
		spot.boxes.forEach(function (b) { L.BaseMapData.grow(spot.whole, b); });
	},

	// Words in their colour on their halo; the faintest ink is too faint on what covers the ground.
	_write: function (c) {
		var name = c.name, colour = this.token(c.halo && name.colour === 'ink3' ? 'ink2' : name.colour);
		if (name.numeral) {
			this._pen.write(c, {colour: colour, alpha: +this.token('numeral')});
		} else {
			this._pen.write(c, {colour: colour, alpha: 1, halo: c.halo || this.token(name.halo), haloWidth: name.haloWidth, band: name.halo === 'street' ? 5 : 0});
		}
	}
});

/** Where words stand to their point, in gaps: to the right, down. */
L.MapNames.PLACES = {c: [0, 0], b: [0, 1], a: [0, -1], r: [1, 0], l: [-1, 0], B: [0, 1.6], A: [0, -1.6]};

/** @factory L.mapNames(base, options) */
L.mapNames = function (base, options) {
	return new L.MapNames(base, options);
};
