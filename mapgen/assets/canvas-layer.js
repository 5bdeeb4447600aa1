/**
 * A canvas over the map that is drawn once a frame at most and moves with the map between drawings.
 *
 * Subclasses give `_paint(ctx, view)`, and `_blank()` where there may be nothing to paint. Geometry is kept in world units, the Web Mercator square of side 1
 * (x to the east, y to the south): `view` turns them into pixels, so that a zoom decodes nothing again.
 *
 * @class L.CanvasLayer
 * @inherits L.Layer
 */
L.CanvasLayer = L.Layer.extend({

	options: {
		// Pane that holds the canvas.
		pane: 'overlayPane',
		// Share of the map's size that is drawn beyond each edge, so that a pan shows no blank.
		padding: 0.15,
		// Order of the canvases within the pane.
		zIndex: 1,
		// Pixels of the canvas for one of CSS; those of the screen, two at most, if 0.
		ratio: 0,
		// Class of the canvas element.
		className: ''
	},

	initialize: function (options) {
		L.setOptions(this, options);
	},

	onAdd: function (map) {
		this._canvas = L.DomUtil.create('canvas', 'mg-canvas leaflet-zoom-animated ' + this.options.className, this.getPane());
		this._canvas.style.zIndex = this.options.zIndex;
		this._canvas.setAttribute('aria-hidden', 'true');
		this._ctx = this._canvas.getContext('2d');
		this._map = map;
		this.redraw();
	},

	onRemove: function () {
		L.Util.cancelAnimFrame(this._frame);
		this._frame = null;
		L.DomUtil.remove(this._canvas);
		delete this._canvas;
	},

	getEvents: function () {
		return {viewreset: this._reset, moveend: this._reset, resize: this._reset, zoomanim: this._animateZoom};
	},

	/** Asks for one drawing in the next animation frame. */
	redraw: function () {
		if (this._map && !this._frame) {
			this._frame = L.Util.requestAnimFrame(this._render, this);
		}
		return this;
	},

	/** Draws at once, as for a printer that does not wait. */
	draw: function () {
		L.Util.cancelAnimFrame(this._frame);
		this._render();
		return this;
	},

	/** Reads a colour or number of the theme, such as `ink` for `--mg-ink`. */
	token: function (name) {
		if (!this._tokens) { this._tokens = {}; }
		if (!(name in this._tokens)) {
			this._tokens[name] = getComputedStyle(this._map.getContainer()).getPropertyValue('--mg-' + name).trim();
		}
		return this._tokens[name];
	},

	/** Forgets the colours read so far and draws again; called when the theme changes. */
	retheme: function () {
		this._tokens = null;
		return this.redraw();
	},

	_blank: function () { return false; },

	_reset: function () {
		// While a zoom animation runs the canvas is carried by its transform; drawing waits for the end.
		if (!this._map._animatingZoom) { this.redraw(); }
	},

	_animateZoom: function (e) {
		if (!this._view) { return; }
		var scale = this._map.getZoomScale(e.zoom, this._view.zoom),
		    offset = this._map._latLngToNewLayerPoint(this._view.corner, e.zoom, e.center);
		L.DomUtil.setTransform(this._canvas, offset, scale);
	},

	_render: function () {
		this._frame = null;
		if (!this._map || !this._map._loaded) { return; }
		var map = this._map, size = map.getSize(), pad = size.multiplyBy(this.options.padding).round(),
		    zoom = map.getZoom(), ratio = this.options.ratio || Math.min(window.devicePixelRatio || 1, 2),
		    topLeft = map.containerPointToLayerPoint(pad.multiplyBy(-1)),
		    corner = map.layerPointToLatLng(topLeft), full = size.add(pad.multiplyBy(2)), scale = 256 * Math.pow(2, zoom),
		    origin = map.project(corner, zoom), canvas = this._canvas,
		    width = Math.round(full.x * ratio), height = Math.round(full.y * ratio);
		if (!full.x || !full.y) { return; }
		// What is empty is not laid over the map at all: every canvas costs at every frame.
		canvas.hidden = this._blank();
		if (canvas.width !== width || canvas.height !== height) {
			canvas.width = width;
			canvas.height = height;
			canvas.style.width = full.x + 'px';
			canvas.style.height = full.y + 'px';
		}
		L.DomUtil.setTransform(canvas, topLeft, 1);
		this._view = {
			zoom: zoom, scale: scale, ratio: ratio, x: origin.x, y: origin.y, width: full.x, height: full.y,
			corner: corner, pad: pad
		};
		if (canvas.hidden) { return; }
		this._ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
		this._ctx.clearRect(0, 0, full.x, full.y);
		this._paint(this._ctx, this._view);
	}
});

/** World x of a longitude in degrees. */
L.CanvasLayer.worldX = function (lon) {
	return (lon + 180) / 360;
};

/** World y of a latitude in degrees (Web Mercator). */
L.CanvasLayer.worldY = function (lat) {
	var s = Math.sin(lat * Math.PI / 180);
	return 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI);
};

/** Whole numbers from a text: five bits a sign from the lowest, the sixth says that more follow; odd ones are below zero. */
L.CanvasLayer.unpack = function (text) {
	var out = [], value = 0, shift = 0;
	for (var i = 0; i < text.length; i++) {
		var digit = L.CanvasLayer.DIGITS[text.charCodeAt(i)];
		value += (digit & 31) * Math.pow(2, shift);
		if (digit > 31) {
			shift += 5;
		} else {
			out.push(value % 2 ? -(value + 1) / 2 : value / 2);
			value = shift = 0;
		}
	}
	return out;
};

// The value of each sign by its code.
L.CanvasLayer.DIGITS = [];
'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.split('').forEach(function (sign, value) {
	L.CanvasLayer.DIGITS[sign.charCodeAt(0)] = value;
});

/**
 * Decodes one line or ring, a packed text or integers (1e-5 degrees; the first pair whole, the others as differences; lon,
 * lat in turn), into world units.
 */
L.CanvasLayer.decode = function (numbers) {
	if (typeof numbers === 'string') { numbers = L.CanvasLayer.unpack(numbers); }
	var out = new Float64Array(numbers.length), lon = 0, lat = 0;
	for (var i = 0; i < numbers.length; i += 2) {
		lon += numbers[i];
		lat += numbers[i + 1];
		out[i] = L.CanvasLayer.worldX(lon / 1e5);
		out[i + 1] = L.CanvasLayer.worldY(lat / 1e5);
	}
	return out;
};
