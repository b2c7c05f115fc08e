"""Figures for the lessons, each with a text that stands in for it."""

from kerasedu.plots.animation import Animation
from kerasedu.plots.bars import bars
from kerasedu.plots.clipping import clipping
from kerasedu.plots.confusion import confusion
from kerasedu.plots.curves import curves
from kerasedu.plots.decision_boundaries import decision_boundaries
from kerasedu.plots.functions import functions
from kerasedu.plots.gates import gates
from kerasedu.plots.gradient_flow import gradient_flow
from kerasedu.plots.graph import graph
from kerasedu.plots.grouped_bars import grouped_bars
from kerasedu.plots.growth import growth
from kerasedu.plots.heat_map import heat_map
from kerasedu.plots.images import images
from kerasedu.plots.learning_curves import learning_curves
from kerasedu.plots.lines import lines
from kerasedu.plots.maps import maps
from kerasedu.plots.matrices import matrices
from kerasedu.plots.model_graph import model_graph
from kerasedu.plots.network import network
from kerasedu.plots.overlays import overlays
from kerasedu.plots.padding import padding
from kerasedu.plots.picture import Picture
from kerasedu.plots.points import points
from kerasedu.plots.ring import ring
from kerasedu.plots.roofline import roofline
from kerasedu.plots.runs import runs
from kerasedu.plots.scaling import scaling
from kerasedu.plots.sliding import sliding
from kerasedu.plots.step_sizes import step_sizes
from kerasedu.plots.sweep import sweep
from kerasedu.plots.trajectories import trajectories
from kerasedu.plots.unrolled import unrolled

__all__ = [
    "Animation",
    "Picture",
    "bars",
    "clipping",
    "confusion",
    "curves",
    "decision_boundaries",
    "functions",
    "gates",
    "gradient_flow",
    "graph",
    "grouped_bars",
    "growth",
    "heat_map",
    "images",
    "learning_curves",
    "lines",
    "maps",
    "matrices",
    "model_graph",
    "network",
    "overlays",
    "padding",
    "points",
    "ring",
    "roofline",
    "runs",
    "scaling",
    "sliding",
    "step_sizes",
    "sweep",
    "trajectories",
    "unrolled",
]
