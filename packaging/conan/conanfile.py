# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

"""The recipe of Conan 2, for the tree that it stands in."""

import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.files import copy, load


class FilelockConan(ConanFile):
    name = "filelock"
    description = "Cross-process file locks for C++17"
    license = "BSL-1.0"
    topics = ("file-lock", "mutex", "header-only")
    package_type = "header-library"
    settings = "os", "compiler", "build_type", "arch"
    no_copy_source = True

    def _tree(self):
        return os.path.normpath(os.path.join(self.recipe_folder, "..", ".."))

    def set_version(self):
        text = load(self, os.path.join(self._tree(), "include/filelock/version.hpp"))
        self.version = ".".join(
            re.findall(r"^#define FILELOCK_VERSION_\w+ (\d+)$", text, re.M))

    def export_sources(self):
        for pattern in ("include/*", "drop_in/*", "LICENSE_1_0.txt"):
            copy(self, pattern, self._tree(), self.export_sources_folder)

    def requirements(self):
        if self.settings.os == "Windows":
            self.requires("boost/[>=1.74]", options={"header_only": True})

    def validate(self):
        if self.settings.compiler.get_safe("cppstd"):
            check_min_cppstd(self, 17)

    def package(self):
        copy(self, "LICENSE_1_0.txt", self.source_folder,
             os.path.join(self.package_folder, "licenses"))
        for folder in ("include", "drop_in"):
            copy(self, "*.hpp", os.path.join(self.source_folder, folder),
                 os.path.join(self.package_folder, folder))

    def package_id(self):
        self.info.clear()

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "filelock")
        self.cpp_info.set_property("pkg_config_name", "filelock")
        core = self.cpp_info.components["core"]
        core.set_property("cmake_target_name", "filelock::filelock")
        drop_in = self.cpp_info.components["drop_in"]
        drop_in.set_property("cmake_target_name", "filelock::drop_in")
        drop_in.includedirs = ["drop_in"]
        drop_in.requires = ["core"]
        for component in (core, drop_in):
            component.bindirs = []
            component.libdirs = []
        if self.settings.os in ("Linux", "FreeBSD"):
            core.system_libs = ["pthread"]
        elif self.settings.os == "Windows":
            core.requires = ["boost::headers"]
