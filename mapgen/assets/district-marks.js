/**
 * The outlines of single districts: chosen, under the pointer, under the keyboard. Used by L.DistrictLayer.
 *
 * @class L.DistrictMarks
 * @inherits L.CanvasLayer
 */
L.DistrictMarks = L.CanvasLayer.extend({

	options: {
		zIndex: 4
	},

	initialize: function (data, options) {
		L.setOptions(this, options);
		this._data = data;
		this._ids = {selected: null, hover: null, focus: null};
	},

	/** Gives a mark (`selected`, `hover`, `focus`) to a district, or takes it away with null. */
	set: function (mark, id) {
		if (this._ids[mark] !== id) {
			this._ids[mark] = id;
			this.redraw();
		}
	},

	_blank: function () {
		return !this._ids.selected && !this._ids.hover && !this._ids.focus;
	},

	_paint: function (ctx, view) {
		this._outline(ctx, view, this._ids.selected, 2.6);
		this._outline(ctx, view, this._ids.hover, 2);
		this._ring(ctx, view, this._ids.focus);
	},

	// A line in ink on a casing of paper.
	_outline: function (ctx, view, id, width) {
		var shape = id && this._data.district(id);
		if (!shape) { return; }
		ctx.save();
		ctx.lineJoin = 'round';
		var k = this._data.transform(ctx, view);
		[['paper', width + 2.5], ['select', width]].forEach(function (line) {
			ctx.strokeStyle = this.token(line[0]);
			ctx.lineWidth = line[1] / k;
			ctx.stroke(shape.path);
		}, this);
		ctx.restore();
	},

	// A ring 3 px wide, 2 px outside the border.
	_ring: function (ctx, view, id) {
		var shape = id && this._data.district(id);
		if (!shape) { return; }
		ctx.save();
		ctx.lineJoin = 'round';
		var k = this._data.transform(ctx, view), b = this._data.bounds(view), outside = new Path2D();
		outside.rect(b[0], b[1], b[2] - b[0], b[3] - b[1]);
		outside.addPath(shape.path);
		ctx.clip(outside, 'evenodd');
		[['focus', 10], ['paper', 4]].forEach(function (line) {
			ctx.strokeStyle = this.token(line[0]);
			ctx.lineWidth = line[1] / k;
			ctx.stroke(shape.path);
		}, this);
		ctx.restore();
	}
});
