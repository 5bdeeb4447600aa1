/**
 * The base map on a canvas that is drawn again only when the view, the theme or the choice of layers changes.
 * It comes in two parts, so that what happens can lie between ground and lines.
 *
 * @class L.BaseMap
 * @inherits L.CanvasLayer
 */
L.BaseMap = L.CanvasLayer.extend({

	options: {
		// `ground`: paper, communes, water outside, ground, parks, streets, railways.
		// `lines`: borders, water, bridges, wall, gates, forts.
		part: 'ground',
		// Base files, and levels of districts, that are left out: {id: true}.
		hidden: {},
		// Whether districts are filled with colours: then streets, parks and railways stand back and borders are stronger.
		filled: false
	},

	// Zooms at which the drawing changes: a small map, a city, streets.
	CITY: 12.2,
	STREETS: 14.2,

	/** @param base data of the base map, or a L.BaseMapData made from it */
	initialize: function (base, options) {
		L.setOptions(this, options);
		if (!options || options.zIndex === undefined) { this.options.zIndex = this.options.part === 'lines' ? 3 : 1; }
		this._data = L.baseMapData(base);
	},

	/** Chooses the base files (and levels) that are left out: {id: true}. */
	setHidden: function (hidden) {
		this.options.hidden = hidden || {};
		return this.redraw();
	},

	/** Tells whether districts are filled with colours. */
	setFilled: function (filled) {
		this.options.filled = !!filled;
		return this.redraw();
	},

	_paint: function (ctx, view) {
		this._view = view;
		this._bounds = this._data.bounds(view);
		this._stage = view.zoom < this.CITY ? 0 : view.zoom < this.STREETS ? 1 : 2;
		ctx.lineJoin = 'round';
		ctx.lineCap = 'butt';
		if (this.options.part === 'lines') { this._paintLines(ctx, view); } else { this._paintGround(ctx, view); }
	},

	_paintGround: function (ctx, view) {
		ctx.fillStyle = this.token('paper');
		ctx.fillRect(0, 0, view.width, view.height);
		this._k = this._data.transform(ctx, view);
		if (this._stage < 2) { this._line(ctx, this._kind('commune-line'), {colour: 'border2', width: 0.7, dash: [1, 3]}); }
		this._water(ctx, this._waters(false), 0.7);
		this._city(ctx);
		if (!this.options.filled) {
			this._parks(ctx, view);
			this._streets(ctx, view);
			this._rails(ctx);
			this._unknown(ctx);
		}
	},

	_paintLines: function (ctx, view) {
		this._k = this._data.transform(ctx, view);
		this._borders(ctx);
		if (this._stage) { this._streams(ctx); }
		this._water(ctx, this._waters(true), [0.8, 0.8, 1][this._stage]);
		this._joinWater(ctx);
		if (!this.options.filled && this._stage) { this._crossings(ctx, view); }
		this._wall(ctx);
		if (this._stage === 2) { this._area(ctx, this._kind('fort-area'), 'wall'); }
		ctx.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
		this._points(ctx, view);
	},

	// The features of the shown files that pass a test, bundled.
	_choose: function (name, test) {
		var out = [];
		for (var file in this._data.files) {
			if (!this.options.hidden[file]) { out = out.concat(this._data.bundles(file, name, test, !this._stage)); }
		}
		return out;
	},

	_kind: function (kind) {
		return this._choose(kind, function (f) { return f.kind === kind; });
	},

	/**
	 * Strokes bundles of paths that are in view.
	 * @param style {colour: token, width: px, alpha, dash: [px], cap}
	 */
	_line: function (ctx, bundles, style) {
		var k = this._k;
		ctx.save();
		ctx.strokeStyle = this.token(style.colour);
		ctx.lineWidth = style.width / k;
		ctx.globalAlpha = style.alpha === undefined ? 1 : style.alpha;
		ctx.lineCap = style.cap || 'butt';
		ctx.lineJoin = style.join || 'round';
		ctx.setLineDash((style.dash || []).map(function (px) { return px / k; }));
		bundles.forEach(function (b) {
			if (L.BaseMapData.meet(b.box, this._bounds)) { ctx.stroke(b.path); }
		}, this);
		ctx.restore();
	},

	_area: function (ctx, bundles, colour) {
		ctx.fillStyle = this.token(colour);
		bundles.forEach(function (b) {
			if (L.BaseMapData.meet(b.box, this._bounds)) { ctx.fill(b.path); }
		}, this);
	},

	// Water that touches the ground, or the other.
	_waters: function (inside) {
		return this._choose('water' + inside, function (f) { return f.kind === 'water' && f.inside === inside; });
	},

	// Banks first, then all fills: where two waters meet no line is left.
	_water: function (ctx, bundles, width) {
		this._line(ctx, bundles, {colour: 'waterline', width: 2 * width});
		this._area(ctx, bundles, 'water');
	},

	_city: function (ctx) {
		var ground = this._data.ground;
		if (!this._data.hasLimit) {
			// The outer edge of the districts; its inner half and the borders within go under the ground.
			this._line(ctx, [ground], {colour: 'border', width: 2 * [0.7, 1.1, 2][this._stage]});
		}
		ctx.fillStyle = this.token('ground');
		ctx.fill(ground.path, 'evenodd');
	},

	_parks: function (ctx, view) {
		this._area(ctx, this._choose('parks', function (f) { return f.type === 2 && /^(park|square|cemetery)$/.test(f.kind); }), 'park');
		this._crosses(ctx, view, this._kind('cemetery'));
		this._area(ctx, this._kind('building'), 'building');
	},

	// Small crosses all over the cemeteries, two to a square of 11 px that stays where it is on the ground.
	_crosses: function (ctx, view, bundles) {
		var step = 11, x0 = -(view.x % step), y0 = -(view.y % step);
		ctx.save();
		ctx.beginPath();
		var clip = new Path2D();
		bundles.forEach(function (b) {
			if (L.BaseMapData.meet(b.box, this._bounds)) { clip.addPath(b.path); }
		}, this);
		ctx.clip(clip);
		ctx.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
		ctx.strokeStyle = this.token('parktext');
		ctx.globalAlpha = 0.55;
		ctx.lineWidth = 0.7;
		bundles.forEach(function (b) { this._crossBox(ctx, this._pixels(b.box, view), step, x0, y0); }, this);
		ctx.stroke();
		ctx.restore();
	},

	_crossBox: function (ctx, box, step, x0, y0) {
		var view = this._view, left = Math.max(0, box[0]), top = Math.max(0, box[1]);
		for (var x = x0 + Math.floor((left - x0) / step) * step; x < Math.min(box[2], view.width); x += step) {
			for (var y = y0 + Math.floor((top - y0) / step) * step; y < Math.min(box[3], view.height); y += step) {
				this._cross(ctx, x + 3, y + 3.5);
				this._cross(ctx, x + 8.5, y + 9);
			}
		}
	},

	_cross: function (ctx, x, y) {
		ctx.moveTo(x, y - 2);
		ctx.lineTo(x, y + 2);
		ctx.moveTo(x - 1.5, y - 0.5);
		ctx.lineTo(x + 1.5, y - 0.5);
	},

	_pixels: function (box, view) {
		var f = this._data.frame(view);
		return [box[0] * f.k + f.x, box[1] * f.k + f.y, box[2] * f.k + f.x, box[3] * f.k + f.y];
	},

	_streetClass: function (cls) {
		return this._choose('streets' + cls, function (f) {
			return f.type === 1 && f.cls === cls && /^(street|quay|bridge|square)$/.test(f.kind);
		});
	},

	_streets: function (ctx, view) {
		var lowest = this._stage === 2 ? 1 : view.zoom > 11 ? 2 : 3, cls;
		for (cls = lowest; this._stage === 2 && cls <= 3; cls++) {
			this._line(ctx, this._streetClass(cls), {colour: 'streetline', width: L.BaseMap.streetWidth(cls, view.zoom) + 1.6, cap: 'round'});
		}
		for (cls = lowest; cls <= 3; cls++) {
			this._line(ctx, this._streetClass(cls), {colour: 'street', width: L.BaseMap.streetWidth(cls, view.zoom), cap: 'round'});
		}
	},

	// Brooks too narrow for an area: lines that grow a little with the map.
	_streams: function (ctx) {
		this._line(ctx, this._kind('stream'), {colour: 'waterline', width: [0, 1.6, 3][this._stage], cap: 'round'});
	},

	_rails: function (ctx) {
		var rails = this._kind('rail'), tunnels = this._kind('rail-tunnel');
		if (this._stage) { this._line(ctx, tunnels, {colour: 'ink2', width: [0, 0.8, 1.2][this._stage], alpha: 0.6, dash: [4, 4]}); }
		this._line(ctx, rails, {colour: 'ink2', width: [0.8, 0.8, 1.4][this._stage], alpha: 0.7});
		if (this._stage) {
			this._line(ctx, rails, {
				colour: 'ink2', alpha: 0.55, width: [0, 3.4, 5][this._stage], dash: [null, [0.8, 4.2], [1.2, 7.8]][this._stage]
			});
		}
	},

	// What a base file holds beyond the kinds named here: a quiet tint or line.
	_unknown: function (ctx) {
		var known = L.BaseMap.KINDS;
		ctx.globalAlpha = 0.5;
		this._area(ctx, this._choose('unknown-areas', function (f) { return f.type === 2 && known.indexOf(f.kind) < 0; }), 'rule');
		ctx.globalAlpha = 1;
		this._line(ctx, this._choose('unknown-lines', function (f) { return f.type === 1 && known.indexOf(f.kind) < 0; }), {
			colour: 'rule2', width: 1
		});
	},

	_borders: function (ctx) {
		var levels = this._data.levels, filled = this.options.filled, stage = this._stage;
		for (var i = levels.length - 1; i >= 0; i--) {
			if (this.options.hidden[levels[i].id] || (i && !stage)) { continue; }
			this._line(ctx, [{box: this._data.ground.box, path: stage ? levels[i].lines : levels[i].coarse}], i ?
				{colour: filled ? 'rule2' : 'border2', width: stage === 2 ? 1.3 : 0.6, dash: stage === 2 ? [6, 3, 1.5, 3] : null} :
				{colour: filled ? 'ink2' : 'border', width: [0.7, filled ? 1.4 : 1.1, 2][stage]});
		}
	},

	// Where a river leaves the ground its bank would cross it: the water outside is laid over that end once more.
	_joinWater: function (ctx) {
		var outside = new Path2D(), b = this._bounds;
		outside.rect(b[0] - 1, b[1] - 1, b[2] - b[0] + 2, b[3] - b[1] + 2);
		outside.addPath(this._data.ground.path);
		ctx.save();
		ctx.clip(outside, 'evenodd');
		this._area(ctx, this._waters(false), 'water');
		ctx.restore();
	},

	// Bridges, and railways over water, which would otherwise end at the bank.
	_crossings: function (ctx, view) {
		var water = new Path2D();
		this._waters(true).forEach(function (b) {
			if (L.BaseMapData.meet(b.box, this._bounds)) { water.addPath(b.path); }
		}, this);
		for (var cls = this._stage === 2 ? 1 : 2; cls <= 3; cls++) {
			var bridges = this._bridgeClass(cls), width = L.BaseMap.streetWidth(cls, view.zoom);
			this._line(ctx, bridges, {colour: this._stage === 2 ? 'streetline' : 'waterline', width: width + 1.6});
			this._line(ctx, bridges, {colour: 'street', width: width, cap: 'square'});
		}
		ctx.save();
		ctx.clip(water);
		this._rails(ctx);
		ctx.restore();
	},

	_bridgeClass: function (cls) {
		return this._choose('bridges' + cls, function (f) { return f.kind === 'bridge' && f.cls === cls; });
	},

	_wall: function (ctx) {
		var stage = this._stage, bastions = this._kind('bastion'), trace = this._kind('wall');
		if (stage) { this._line(ctx, this._kind('glacis'), {colour: 'wall', width: 0.6, alpha: 0.55}); }
		if (stage === 2 && bastions.length) {
			this._area(ctx, bastions, 'wall');
			return;
		}
		if (stage < 2) { this._line(ctx, this._kind('limit'), {colour: 'wall', width: [0.5, 0.7][stage], alpha: 0.45}); }
		this._line(ctx, trace, {colour: 'paper', width: [3, 4.4, 4.4][stage], join: 'miter'});
		this._line(ctx, trace, {colour: 'wall', width: [1.3, 1.9, 1.9][stage], join: 'miter'});
	},

	_points: function (ctx, view) {
		var f = this._data.frame(view);
		this._data.features.forEach(function (p) {
			if (p.type !== 0 || this.options.hidden[p.layer] || !L.BaseMapData.meet(p.box, this._bounds)) { return; }
			L.BaseMap.mark(ctx, p, p.parts[0][0] * f.k + f.x, p.parts[0][1] * f.k + f.y, this);
		}, this);
	}
});

// Kinds of feature that are drawn in a way of their own or that only carry a name.
L.BaseMap.KINDS = ['water', 'stream', 'park', 'cemetery', 'square', 'building', 'wall', 'bastion', 'glacis', 'limit', 'salient', 'gate',
	'postern', 'fort', 'fort-area', 'station', 'street', 'bridge', 'quay', 'rail', 'rail-tunnel', 'commune-line', 'commune', 'place-name',
	'water-name'];

/** Width in px of a street of class 1 to 3 (3 the widest) at a zoom. */
L.BaseMap.streetWidth = function (cls, zoom) {
	if (zoom >= L.BaseMap.prototype.STREETS) { return [5, 9, 13][cls - 1] * Math.pow(2, zoom - 15.2); }
	return [1, 1.9, 3][cls - 1] * Math.pow(2, (zoom - 13) * 0.7);
};

/** Draws the mark of a point feature at a pixel: forts are stars, gates rings, stations squares, unnamed unknowns dots. */
L.BaseMap.mark = function (ctx, point, x, y, layer) {
	var stage = layer._stage;
	ctx.beginPath();
	if (point.kind === 'fort') {
		L.BaseMap.star(ctx, x, y, stage ? 6.5 : 4.5);
	} else if (point.kind === 'gate' && stage === 1) {
		ctx.arc(x, y, 2.1, 0, 2 * Math.PI);
	} else if ((point.kind === 'gate' || point.kind === 'postern') && stage === 2) {
		ctx.arc(x, y, point.kind === 'gate' ? 3.2 : 2.2, 0, 2 * Math.PI);
	} else if (point.kind === 'station' && stage === 2) {
		ctx.rect(x - 3, y - 3, 6, 6);
	} else if (!point.name && L.BaseMap.KINDS.indexOf(point.kind) < 0) {
		ctx.arc(x, y, 1.6, 0, 2 * Math.PI);
	}
	ctx.lineJoin = 'miter';
	ctx.lineWidth = point.kind === 'fort' ? 1.3 : 1.1;
	ctx.fillStyle = layer.token('paper');
	ctx.strokeStyle = layer.token('wall');
	ctx.fill();
	ctx.stroke();
};

/** Adds a star of five points to the current path. */
L.BaseMap.star = function (ctx, x, y, radius) {
	for (var i = 0; i < 10; i++) {
		var a = (i / 5 - 0.5) * Math.PI, r = i % 2 ? radius * 0.52 : radius;
		ctx[i ? 'lineTo' : 'moveTo'](x + r * Math.cos(a), y + r * Math.sin(a));
	}
	ctx.closePath();
};

/** @factory L.baseMap(base, options) */
L.baseMap = function (base, options) {
	return new L.BaseMap(base, options);
};
