/**
 * Ground that sides hold, from the clock: a wash or an edge below the borders, and the line between them above.
 * It comes in two parts, so that water and borders can lie between.
 *
 * @class L.ZoneLayer
 * @inherits L.CanvasLayer
 */
L.ZoneLayer = L.CanvasLayer.extend({

	options: {
		// `ground`: wash, edges and the bands along them. `line`: the line now, and that of the step before as dots.
		part: 'ground',
		// The clock: `index`; fires `change`.
		clock: null,
		// Whether nothing is drawn.
		off: false,
		// Certainty from which a line is solid.
		solid: 0.8
	},

	/**
	 * @param base L.BaseMapData
	 * @param zones {sides: [{hue, draw}], rows: [{districts, or cut and inside, or line; sure}], steps: [side][step] -> row or -1}
	 */
	initialize: function (base, zones, options) {
		L.setOptions(this, options);
		this.options.zIndex = this.options.part === 'line' ? 3 : 1;
		this._data = base;
		this._zones = zones;
		this._shapes = new Map();
		this._whole = new Path2D();
		this._whole.rect(-1e6, -1e6, 2e6, 2e6);
	},

	onAdd: function (map) {
		L.CanvasLayer.prototype.onAdd.call(this, map);
		this.options.clock.on('change', this._change, this);
	},

	onRemove: function (map) {
		this.options.clock.off('change', this._change, this);
		L.CanvasLayer.prototype.onRemove.call(this, map);
	},

	/** Shows or hides the zones. */
	setOff: function (off) {
		this.options.off = off;
		return this.redraw();
	},

	/** What each side holds at a step: [{side, row}], sides without a row left out. */
	held: function (index) {
		var zones = this._zones;
		return zones.sides.map(function (side, k) { return {side: side, row: zones.rows[zones.steps[k][index]]}; }).filter(function (h) { return h.row; });
	},

	/** Whether a wash lies over a place. */
	covers: function (latlng) {
		var p = this._data.point(latlng), self = this;
		return !this.options.off && L.BaseMapData.contains(this._data.ground, p[0], p[1]) && this._washed(this.options.clock.index).some(function (row) {
			var ring = self._shape(row).ring;
			if (!ring) {
				return row.districts.some(function (id) {
					var district = self._data.district(id);
					return district && L.BaseMapData.contains(district, p[0], p[1]);
				});
			}
			return L.BaseMapData.contains({box: [-1e9, -1e9, 1e9, 1e9], parts: [ring]}, p[0], p[1]) === row.inside;
		});
	},

	/** Whether the way from one point to another, in world units, crosses a line that is drawn. */
	crosses: function (ax, ay, bx, by) {
		var data = this._data, self = this;
		if (this.options.off) { return false; }
		return this._lines(this.options.clock.index).some(function (held) {
			var ring = self._shape(held.row).ring, n = ring.length;
			for (var i = 0; i < n - 2; i += 2) {
				if (L.ZoneLayer.meet((ax - data.x0) * data.UNITS, (ay - data.y0) * data.UNITS, (bx - data.x0) * data.UNITS, (by - data.y0) * data.UNITS,
					ring[i], ring[i + 1], ring[i + 2], ring[i + 3])) { return true; }
			}
			return false;
		});
	},

	_change: function () {
		// Most steps show the rows of the last one.
		if (this._key() !== this._drawn) { this.redraw(); }
	},

	_key: function () {
		var i = this.options.clock.index, zones = this._zones, now = zones.steps.map(function (rows) { return rows[i]; }),
		    before = this.options.part === 'line' && i ? zones.steps.map(function (rows) { return rows[i - 1]; }) : [];
		return this.options.off ? '' : now.concat(before).join();
	},

	_blank: function () {
		this._drawn = this._key();
		return this.options.off || !this.held(this.options.clock.index).length;
	},

	/** The path of a row's ground, before it is clipped to the whole: {path, ring, line}; kept, since steps come back to it. */
	_shape: function (row) {
		var shape = this._shapes.get(row), data = this._data;
		if (shape) { return shape; }
		shape = {path: new Path2D(), ring: null, line: new Path2D()};
		if (row.line) {
			shape.ring = data.units(row.line);
			L.BaseMapData.trace(shape.line, shape.ring, false);
		} else if (row.cut) {
			shape.ring = data.units(row.cut);
			if (!row.inside) { shape.path.addPath(this._whole); }
			L.BaseMapData.trace(shape.path, shape.ring, true);
			L.BaseMapData.trace(shape.line, shape.ring, true);
		} else {
			row.districts.forEach(function (id) {
				var district = data.district(id);
				if (district) { shape.path.addPath(district.path); }
			});
		}
		this._shapes.set(row, shape);
		return shape;
	},

	/** What is drawn as a line at a step: [{side, row}]. */
	_lines: function (index) {
		return this.held(index).filter(function (h) { return h.row.line || h.side.draw !== 'edge' && h.row.cut; });
	},

	_paint: function (ctx, view) {
		var k = this._data.transform(ctx, view), i = this.options.clock.index;
		ctx.lineJoin = 'round';
		if (this.options.part === 'line') { this._paintLines(ctx, k, view, i); return; }
		ctx.save();
		ctx.clip(this._data.ground.path, 'evenodd');
		this.held(i).forEach(function (h) { if (!h.row.line) { this._paintGround(ctx, k, h, i); } }, this);
		ctx.restore();
	},

	_paintGround: function (ctx, k, held, index) {
		var shape = this._shape(held.row), hue = this.token(held.side.hue), edge = held.side.draw === 'edge';
		ctx.save();
		if (edge) {
			// An edge runs round what no wash covers.
			this._washed(index).forEach(function (row) { this._clipOut(ctx, row); }, this);
			this._bands(ctx, k, this._lines(index).filter(function (h) { return h.row.cut; }).map(function (h) { return this._shape(h.row).line; }, this), hue, [[22, 0.07], [11, 0.14]]);
			this._bands(ctx, k, [this._data.ground.path], hue, [[22, 0.07], [11, 0.14], [4.5, 0.8]]);
		} else if (held.side.draw === 'wash') {
			ctx.clip(shape.path, 'evenodd');
			if (window.matchMedia('(forced-colors: active)').matches) {
				this._hatch(ctx);
			} else {
				ctx.globalAlpha = 0.26;
				ctx.fillStyle = this.token('wash');
				ctx.fill(this._whole);
				ctx.globalAlpha = 1;
			}
			this._bands(ctx, k, [shape.line], hue, [[44, 0.07], [26, 0.08], [12, 0.14]]);
		}
		ctx.restore();
	},

	// Where few colours are to be had a wash is a hatch that falls to the right and stays where it is on the ground.
	_hatch: function (ctx) {
		var view = this._view, gap = 12, x = (view.y - view.x) % gap - Math.ceil(view.height / gap + 1) * gap;
		ctx.save();
		ctx.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
		ctx.strokeStyle = this.token('wash');
		ctx.lineWidth = 1;
		ctx.beginPath();
		for (; x < view.width; x += gap) {
			ctx.moveTo(x, 0);
			ctx.lineTo(x + view.height, view.height);
		}
		ctx.stroke();
		ctx.restore();
	},

	_washed: function (index) {
		return this.held(index).filter(function (h) { return h.side.draw === 'wash' && !h.row.line; }).map(function (h) { return h.row; });
	},

	_clipOut: function (ctx, row) {
		var rest = new Path2D();
		rest.addPath(this._whole);
		rest.addPath(this._shape(row).path);
		ctx.clip(rest, 'evenodd');
	},

	// As coasts are shaded on an engraved map: lines of falling width, of which the clip leaves one half.
	_bands: function (ctx, k, paths, hue, bands) {
		ctx.strokeStyle = hue;
		bands.forEach(function (band) {
			ctx.lineWidth = band[0] / k;
			ctx.globalAlpha = band[1];
			paths.forEach(function (path) { ctx.stroke(path); });
		});
		ctx.globalAlpha = 1;
	},

	/** The lines of the step before as dots, then those of this one; a line that parts the ground ends where that does. */
	_paintLines: function (ctx, k, view, index) {
		var now = this._lines(index), before = index ? this._lines(index - 1) : [], small = view.zoom < L.BaseMap.prototype.CITY, self = this,
		    rows = now.map(function (h) { return h.row; });
		before.filter(function (h) { return rows.indexOf(h.row) < 0; }).concat(now).forEach(function (h) {
			var line = self._shape(h.row).line;
			ctx.save();
			if (h.row.cut) { ctx.clip(self._data.ground.path, 'evenodd'); }
			if (now.indexOf(h) < 0) {
				self._stroke(ctx, k, line, h.side.hue, 1.3, [1.5, 3.5]);
			} else if (!h.row.cut) {
				// A line that parts no ground here is far from the news.
				ctx.globalAlpha = 0.65;
				self._stroke(ctx, k, line, h.side.hue, 1.6, [5, 4]);
			} else {
				self._stroke(ctx, k, line, 'paper', small ? 3.4 : 4.6, []);
				self._stroke(ctx, k, line, h.side.hue, small ? 2 : 2.6, h.row.sure >= self.options.solid ? [] : small ? [6, 3] : [9, 4]);
			}
			ctx.restore();
		});
	},

	_stroke: function (ctx, k, path, colour, width, dash) {
		ctx.strokeStyle = this.token(colour);
		ctx.lineWidth = width / k;
		ctx.setLineDash(dash.map(function (px) { return px / k; }));
		ctx.stroke(path);
	}
});

/** Whether two straight ways meet. */
L.ZoneLayer.meet = function (ax, ay, bx, by, cx, cy, dx, dy) {
	var turn = function (x0, y0, x1, y1, x2, y2) { return (x1 - x0) * (y2 - y0) - (y1 - y0) * (x2 - x0); };
	return turn(ax, ay, bx, by, cx, cy) * turn(ax, ay, bx, by, dx, dy) < 0 && turn(cx, cy, dx, dy, ax, ay) * turn(cx, cy, dx, dy, bx, by) < 0;
};

/** @factory L.zoneLayer(base, zones, options) */
L.zoneLayer = function (base, zones, options) {
	return new L.ZoneLayer(base, zones, options);
};
