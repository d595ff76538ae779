"""First names that are common in Germany, to find "Thomas Berger" in a text.

Left out are those that are everyday words or towns, too (Wolf, Heide, Rose, Marga, Kiel).
"""

from __future__ import annotations

from typing import Final

_WORDS = """
    Achim Adam Ahmet Albert Alex Alexander Alexandra Alfred Ali Alicia Alina Amelie Amina Amira
    Anastasia Andrea Andreas Andrzej Angela Angelika Anja Anke Anna Anne Anneliese Annette
    Annika Anton Antonia Arne Arthur Ayse Ayşe Barbara Bastian Beate Ben Benedikt Benjamin Bernd
    Bernhard Bettina Birgit Björn Bodo Boris Brigitte Bruno Burak Can Carina Carl Carla Carmen
    Carolin Caroline Carsten Cem Charlotte Christa Christian Christiane Christina Christine
    Christoph Christopher Clara Claudia Claus Cornelia Dagmar Daniel Daniela David Deniz Dennis
    Detlef Diana Dieter Dirk Dominik Doris Dorothea Eberhard Edgar Edith Eduard Elena Elias Elif
    Elisabeth Elke Ella Elvira Emil Emilia Emily Emine Emma Emre Erich Erik Erika Ernst Erwin
    Esra Eugen Eva Evelyn Fabian Fatih Fatma Felix Ferdinand Finn Florian Frank Franz Franziska
    Frieda Friedrich Fritz Gabriele Georg Gerald Gerd Gerda Gerhard Gerlinde Gertrud Gisela
    Gregor Gudrun Gustav Günter Günther Hakan Hanna Hannah Hannelore Hans Harald Harry Hartmut
    Hasan Heike Heinrich Heinz Helena Helene Helga Helmut Henning Henrik Henry Herbert Hermann
    Hildegard Holger Horst Hubert Hüseyin Ibrahim Ilona Ilse Imke Ines Inge Ingeborg Ingo Ingrid
    Irene Irina Iris Irmgard Isabel Isabella Ivan Jacqueline Jakob Jan Jana Janina Jannik Jasmin
    Jennifer Jens Jessica Joachim Jochen Johann Johanna Johannes Jonas Josef Julia Julian
    Juliane Justin Jutta Jörg Jürgen Kai Karin Karl Karla Karlheinz Karsten Katarina Katharina
    Kathrin Katja Katrin Kemal Kerstin Kevin Kirsten Klara Klaus Konrad Konstantin Kristin Kurt
    Lara Laura Lea Leah Lena Leni Leon Leonie Lieselotte Lilli Lina Linda Lisa Lothar Louis
    Louisa Luca Lucas Ludwig Luis Luisa Luise Lukas Lutz Magdalena Maik Malte Manfred Manuel
    Manuela Marc Marcel Marcus Mareike Maren Margarete Margit Margot Maria Marie Marina Mario
    Marion Markus Marlene Martha Martin Martina Marvin Mathias Matthias Maurice Max Maximilian
    Mehmet Melanie Mia Michael Michaela Michelle Mike Mila Miriam Mohammed Monica Monika Moritz
    Murat Mustafa Nadine Nadja Natalie Natascha Nele Nick Nico Nicola Nicolas Nicole Niklas Nils
    Nina Noah Norbert Olaf Ole Olga Oliver Oskar Oswald Otto Pascal Patricia Patrick Patrik Paul
    Paula Pauline Peter Petra Philip Philipp Pia Piotr Rainer Ralf Ralph Ramona Raphael Rebecca
    Regina Reiner Reinhard Reinhold Renate René Ricarda Richard Rita Robert Roland Rolf Romy
    Ronald Rosemarie Roswitha Rudi Rudolf Ruth Rüdiger Sabine Sabrina Samuel Sandra Sara Sarah
    Sascha Sebastian Selin Selma Semih Sibylle Siegfried Sigrid Silke Silvia Simon Simone Sina
    Sofia Sonja Sophia Sophie Stefan Stefanie Steffen Stephan Stephanie Susanne Sven Svenja
    Sylvia Tanja Tatjana Theo Theodor Theresa Thomas Thorsten Tim Timo Tina Tobias Tom Torben
    Torsten Udo Ulf Ulrich Ulrike Ursula Uta Ute Uwe Valentin Vanessa Vera Verena Veronika
    Viktor Viktoria Vincent Volker Walter Waltraud Werner Wilfried Wilhelm Willi Wolfgang
    Yannick Yasemin Yusuf Yvonne Zeynep Özlem
"""

FIRST_NAMES: Final = frozenset(_WORDS.split())
