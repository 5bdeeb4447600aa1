/**
 * Districts between the two parts of the base map: the colours of a choropleth, the hatch of those that hold events
 * known to a quarter or district only, and on a canvas above them the outlines of hover, focus and choice.
 *
 * @class L.DistrictLayer
 * @inherits L.CanvasLayer
 */
L.DistrictLayer = L.CanvasLayer.extend({

	options: {
		zIndex: 2,
		// Order of the canvas of outlines: over the lines of the base map.
		marksZIndex: 4,
		// The clock: `state`, `grade`, `n`; fires `change`. Without one nothing is hatched.
		clock: null,
		// Event columns; `precision` and `bin` are read.
		events: null,
		// Id of the level that `districtAt` asks when it is told none; the finest without one.
		level: '',
		// Opacity of a hatch whose events are going on, last seen one step ago, earlier.
		ageOpacity: [1, 0.78, 0.58]
	},

	/** @param base data of the base map, or a L.BaseMapData made from it */
	initialize: function (base, options) {
		L.setOptions(this, options);
		this._data = L.baseMapData(base);
		this._fill = null;
		this._marks = new L.DistrictMarks(this._data, {pane: this.options.pane, zIndex: this.options.marksZIndex});
		this._areas = this._areaEvents();
	},

	onAdd: function (map) {
		L.CanvasLayer.prototype.onAdd.call(this, map);
		map.addLayer(this._marks);
		if (this.options.clock) { this.options.clock.on('change', this._change, this); }
	},

	onRemove: function (map) {
		if (this.options.clock) { this.options.clock.off('change', this._change, this); }
		map.removeLayer(this._marks);
		L.CanvasLayer.prototype.onRemove.call(this, map);
	},

	/** Colours the districts: {id: token of the theme, or null for no figure (hatched)}; null takes the colours away. */
	setFill: function (values) {
		var text = JSON.stringify(values);
		// Most steps colour the districts as the last one did.
		if (text === this._filled) { return this; }
		this._filled = text;
		this._fill = values || null;
		return this.redraw();
	},

	/** The colour that covers the ground at a place, or null. */
	colourAt: function (latlng) {
		for (var i = this._fill ? this._data.levels.length - 1 : -1; i >= 0; i--) {
			var id = this._data.districtAt(latlng, this._data.levels[i].id);
			if (id !== null && this._fill[id]) { return this.token(this._fill[id]); }
		}
		return null;
	},

	/** Outlines the district under the pointer; null for none. */
	setHover: function (id) {
		this._marks.set('hover', id);
		return this;
	},

	/** Rings the district that the keyboard is on; null for none. */
	setFocus: function (id) {
		this._marks.set('focus', id);
		return this;
	},

	/** Outlines the district that list and strip are filtered to; null for none. */
	setSelected: function (id) {
		this._marks.set('selected', id);
		return this;
	},

	/** The id of the district of a level that holds a place, or null. */
	districtAt: function (latlng, levelId) {
		return this._data.districtAt(latlng, levelId || this.options.level);
	},

	/** Where a district lies: its bounds, or null when there is no such district. */
	districtBounds: function (id) {
		var shape = this._data.district(id);
		return shape && L.latLngBounds(this._data.latLng(shape.box[0], shape.box[3]), this._data.latLng(shape.box[2], shape.box[1]));
	},

	/** The layer of the outlines. */
	outlines: function () {
		return this._marks;
	},

	/** How many districts are hatched at this step. */
	hatchedCount: function () {
		return Object.keys(this._hatches()).length;
	},

	retheme: function () {
		this._marks.retheme();
		return L.CanvasLayer.prototype.retheme.call(this);
	},

	// The events that are known to a district only: [{index, id}].
	_areaEvents: function () {
		var events = this.options.events, out = [];
		for (var i = 0; events && i < events.bin.length; i++) {
			var precision = events.precision[i];
			if ((precision === 2 || precision === 3) && this._data.district(events.bin[i])) { out.push({index: i, id: events.bin[i]}); }
		}
		return out;
	},

	// The districts to hatch: {id: {certain, age}}, of the surest state and the youngest age of their events.
	_hatches: function () {
		var clock = this.options.clock, out = {};
		this._areas.forEach(function (area) {
			var state = clock ? clock.state[area.index] : 0;
			if (!state) { return; }
			var hatch = out[area.id] || (out[area.id] = {certain: false, age: 2});
			hatch.certain = hatch.certain || state === 2;
			hatch.age = Math.min(hatch.age, clock.grade[area.index]);
		});
		return out;
	},

	_change: function () {
		// Most steps hatch the same districts as the last one: then the picture stands.
		if (JSON.stringify(this._hatches()) !== this._drawn) { this.redraw(); }
	},

	_blank: function () {
		var hatches = this._hatches();
		this._drawn = JSON.stringify(hatches);
		return !this._fill && this._drawn === '{}';
	},

	_paint: function (ctx, view) {
		var hatches = this._hatches(), id;
		for (id in this._fill || {}) { this._paintFill(ctx, view, id, this._fill[id]); }
		for (id in hatches) { this._paintHatch(ctx, view, id, hatches[id]); }
	},

	_paintFill: function (ctx, view, id, token) {
		var shape = this._data.district(id);
		if (!shape) { return; }
		if (token === null) {
			this._hatch(ctx, view, shape, {colour: this.token('nofigure'), width: 1, step: 5, falls: true});
			return;
		}
		ctx.save();
		// The thin line of the same colour closes the seam between neighbours.
		ctx.lineWidth = 0.8 / this._data.transform(ctx, view);
		ctx.fillStyle = ctx.strokeStyle = this.token(token);
		var path = view.zoom < L.BaseMap.prototype.CITY ? shape.coarse : shape.path;
		ctx.fill(path, 'evenodd');
		ctx.stroke(path);
		ctx.restore();
		this._paintLoss(ctx, view, shape, token);
	},

	// On paper, which may know no colours, a loss has lines where a gain has none.
	_paintLoss: function (ctx, view, shape, token) {
		if (/^loss/.test(token) && document.documentElement.classList.contains('mg-print')) {
			this._hatch(ctx, view, shape, {colour: this.token('ink2'), width: 0.7, step: token === 'loss2' ? 3 : 6, falls: true});
		}
	},

	_paintHatch: function (ctx, view, id, hatch) {
		var shape = this._data.district(id), near = view.zoom >= L.BaseMap.prototype.STREETS;
		ctx.save();
		// Only what is news is hatched, and nothing where the districts have colours: the rest keeps its edge.
		ctx.globalAlpha = this.token('hatch') * (near ? 0.76 : 1);
		if (!hatch.age && !this._fill) { this._hatch(ctx, view, shape, {colour: this.token('slate'), width: 1.3, step: 7, falls: false}); }
		ctx.globalAlpha = 0.7 * this.options.ageOpacity[hatch.age];
		ctx.strokeStyle = this.token('slate');
		var k = this._data.transform(ctx, view);
		ctx.lineWidth = (near ? 1.6 : 1.3) / k;
		ctx.setLineDash(hatch.certain ? [] : [5 / k, 4 / k]);
		ctx.stroke(shape.path);
		ctx.restore();
	},

	// Fills a shape with lines at 45 degrees, `step` px apart, that rise or fall to the right and stay where they are on the ground.
	_hatch: function (ctx, view, shape, style) {
		var f = this._data.frame(view), gap = style.step * Math.SQRT2, sign = style.falls ? 1 : -1,
		    left = Math.max(0, shape.box[0] * f.k + f.x), right = Math.min(view.width, shape.box[2] * f.k + f.x),
		    top = Math.max(0, shape.box[1] * f.k + f.y), bottom = Math.min(view.height, shape.box[3] * f.k + f.y);
		if (left >= right || top >= bottom) { return; }
		// A line holds the points with y - sign * x = c; in the world its c is a whole number of gaps.
		var c0 = Math.min(top - sign * left, top - sign * right), c1 = Math.max(bottom - sign * left, bottom - sign * right),
		    world = view.y - sign * view.x, c = Math.ceil((c0 + world) / gap) * gap - world;
		ctx.save();
		this._data.transform(ctx, view);
		ctx.clip(shape.path, 'evenodd');
		ctx.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
		ctx.strokeStyle = style.colour;
		ctx.lineWidth = style.width;
		ctx.beginPath();
		for (; c <= c1; c += gap) {
			ctx.moveTo(left, c + sign * left);
			ctx.lineTo(right, c + sign * right);
		}
		ctx.stroke();
		ctx.restore();
	}
});

/** @factory L.districtLayer(base, options) */
L.districtLayer = function (base, options) {
	return new L.DistrictLayer(base, options);
};
