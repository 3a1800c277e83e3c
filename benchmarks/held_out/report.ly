\version "2.24.0"
% Says on the error stream what was really engraved: every note (moment, MIDI pitch, length; grace notes left out) and the
% moment at the left end of every line but the first.

#(define (report-note engraver event)
   (let* ((now (ly:context-current-moment (ly:translator-context engraver)))
          (pitch (ly:event-property event 'pitch)))
     (if (and (ly:pitch? pitch) (= 0 (ly:moment-grace-numerator now)))
         (ly:message "engraved note ~a ~a ~a"
                     (ly:moment-main now)
                     (+ 60 (ly:pitch-semitones pitch))
                     (ly:moment-main (ly:duration-length (ly:event-property event 'duration)))))))

#(define note-reporter
   (make-engraver (listeners (note-event . report-note))))

#(define (report-line number)
   (if (= RIGHT (ly:item-break-dir number))
       (ly:message "engraved line ~a" (ly:moment-main (ly:grob-property (ly:item-get-column number) 'when)))))

\layout {
  \context { \Voice \consists #note-reporter }
  \context {
    \Score
    \override BarNumber.after-line-breaking = #report-line
  }
}
