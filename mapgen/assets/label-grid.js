/**
 * Boxes that are taken, in a grid, so that a new label is compared with its neighbours only. Units: px of a view.
 *
 * @class L.LabelGrid
 */
L.LabelGrid = L.Class.extend({

	// Side of a cell in px.
	CELL: 48,

	initialize: function () {
		this._cells = new Map();
	},

	/** Takes a box [x0, y0, x1, y1]. */
	add: function (box) {
		this._visit(box, 0, function (cell, key) {
			if (cell) { cell.push(box); } else { this._cells.set(key, [box]); }
		});
	},

	/** Whether a box, widened by `pad` px, meets none that is taken. */
	free: function (box, pad) {
		return !this._visit(box, pad, function (cell) {
			for (var i = 0; cell && i < cell.length; i++) {
				var b = cell[i];
				if (box[0] - pad < b[2] && box[2] + pad > b[0] && box[1] - pad < b[3] && box[3] + pad > b[1]) { return true; }
			}
			return false;
		});
	},

	// Calls a function for each cell under a box until it returns true.
	_visit: function (box, pad, fn) {
		var size = this.CELL, x1 = Math.floor((box[2] + pad) / size), y1 = Math.floor((box[3] + pad) / size);
		for (var x = Math.floor((box[0] - pad) / size); x <= x1; x++) {
			for (var y = Math.floor((box[1] - pad) / size); y <= y1; y++) {
				var key = x * 65536 + y;
				if (fn.call(this, this._cells.get(key), key)) { return true; }
			}
		}
		return false;
	}
});
