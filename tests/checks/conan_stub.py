"""Stands in for Conan where that is not here: runs the recipe's steps with Meson. conan_stub.py CONANFILE FOLDER"""

import hashlib
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import types
import urllib.request

sys.dont_write_bytecode = True
recipe_file, folder = sys.argv[1], pathlib.Path(sys.argv[2])


class ConanFile:
    pass


class Bag(types.SimpleNamespace):
    def rm_safe(self, name):
        self.__dict__.pop(name, None)


class CppInfo(types.SimpleNamespace):
    def set_property(self, name, value):
        setattr(self, name, value)


def get(conanfile, url, filename, sha256, strip_root):
    data = urllib.request.urlopen(url).read()
    assert hashlib.sha256(data).hexdigest() == sha256 and strip_root
    (folder / filename).write_bytes(data)
    with tarfile.open(folder / filename) as tar:
        root = tar.getnames()[0].split("/")[0]
        tar.extractall(folder / "unpacked")
    shutil.move(folder / "unpacked" / root, conanfile.source_folder)


def copy(conanfile, pattern, source, to):
    os.makedirs(to, exist_ok=True)
    assert [shutil.copy(file, to) for file in pathlib.Path(source).glob(pattern)]


class MesonToolchain:
    def __init__(self, conanfile):
        self.conanfile, self.project_options = conanfile, {}

    def generate(self):
        self.conanfile.meson_options = self.project_options


class Meson:
    def __init__(self, conanfile):
        self.conanfile = conanfile

    def configure(self):
        c = self.conanfile
        said = [f"-D{name}={str(value).lower() if isinstance(value, bool) else value}"
                for name, value in c.meson_options.items()]
        subprocess.run(["meson", "setup", c.build_folder, c.source_folder, "--prefix", c.package_folder,
                        "-Dlibdir=lib", "-Dbuildtype=debug", "-Ddefault_library=static", *said], check=True)

    def build(self):
        subprocess.run(["meson", "compile", "-C", self.conanfile.build_folder], check=True)

    def install(self):
        subprocess.run(["meson", "install", "-C", self.conanfile.build_folder, "--quiet"], check=True)


def module(name, **members):
    sys.modules[name] = types.ModuleType(name)
    vars(sys.modules[name]).update(members)


module("conan", ConanFile=ConanFile)
module("conan.tools")
module("conan.tools.files", copy=copy, get=get, rmdir=lambda c, path: shutil.rmtree(path))
module("conan.tools.layout", basic_layout=lambda c, src_folder: None)
module("conan.tools.meson", Meson=Meson, MesonToolchain=MesonToolchain)

shutil.rmtree(folder, ignore_errors=True)
folder.mkdir(parents=True)
spec = importlib.util.spec_from_file_location("conanfile", recipe_file)
recipe = importlib.util.module_from_spec(spec)
spec.loader.exec_module(recipe)
crew = recipe.Crew()
crew.settings = Bag()
crew.options = Bag(**crew.default_options)
crew.cpp_info = CppInfo()
crew.source_folder, crew.build_folder, crew.package_folder = (str(folder / name)
                                                              for name in ("source", "build", "package"))
for step in ("configure", "layout", "source", "generate", "build", "package", "package_info"):
    getattr(crew, step)()
print(*crew.cpp_info.cflags, "-I" + crew.package_folder + "/include", "-L" + crew.package_folder + "/lib",
      *("-l" + name for name in crew.cpp_info.libs + crew.cpp_info.system_libs))
