using System.Diagnostics;
using System.Globalization;

namespace Relo.Api.Tests.Fixtures;

/// <summary>
/// Sets the clock of a process of its own, as date(1) or NTP would: the time of day moves, the time that passes does not. The system's
/// calls for the time of day are answered by a library that is loaded before the system's. Where none can be compiled the test is skipped,
/// and says so.
/// </summary>
internal sealed class SetClock : IDisposable
{
    private const string Source = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <stdio.h>
        #include <sys/time.h>
        #include <time.h>
        static long ahead(void) { long s = 0; FILE *f = fopen(AHEAD, "r"); if (f) { if (fscanf(f, "%ld", &s) != 1) s = 0; fclose(f); } return s; }
        int clock_gettime(clockid_t id, struct timespec *t) {
            static int (*real)(clockid_t, struct timespec *);
            if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
            int r = real(id, t);
            if (r == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) t->tv_sec += ahead();
            return r;
        }
        int gettimeofday(struct timeval *t, void *zone) { struct timespec s; int r = clock_gettime(CLOCK_REALTIME, &s); t->tv_sec = s.tv_sec; t->tv_usec = s.tv_nsec / 1000; return r; }
        time_t time(time_t *t) { struct timespec s; clock_gettime(CLOCK_REALTIME, &s); if (t) *t = s.tv_sec; return s.tv_sec; }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("relo-clock-").FullName;

    public SetClock()
    {
        var source = Path.Combine(_folder, "clock.c");
        File.WriteAllText(source, Source);
        try
        {
            using var compiler = Process.Start(
                new ProcessStartInfo("gcc", ["-shared", "-fPIC", "-O2", $"-DAHEAD=\"{AheadFile}\"", "-o", Library, source, "-ldl"]))!;
            compiler.WaitForExit();
            Assert.Equal(0, compiler.ExitCode);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Dispose();
            Assert.Skip("gcc is not installed");
        }
    }

    /// <summary>The environment variable of the process.</summary>
    public string Environment => $"LD_PRELOAD={Library}";

    private string Library => Path.Combine(_folder, "clock.so");

    private string AheadFile => Path.Combine(_folder, "ahead");

    /// <summary>Advances the clock of the process by this time.</summary>
    public void Set(TimeSpan ahead)
    {
        // Written whole and then renamed: the process may be reading it.
        File.WriteAllText(AheadFile + ".new", ((long)ahead.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        File.Move(AheadFile + ".new", AheadFile, overwrite: true);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
