"""PyInstaller: the simulator reads its modules and data by name too."""

from PyInstaller.utils.hooks import collect_data_files, collect_submodules

hiddenimports = collect_submodules("cloudtower.simulator")
datas = collect_data_files("cloudtower.simulator")
