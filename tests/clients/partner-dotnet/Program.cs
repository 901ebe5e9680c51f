using System.Net.Http.Headers;
using ExamplePartner;
using NewsApi.Client;

// ExamplePartner URL FILE [follow | once | verify | repair]; the key, where one is needed, is in NEWSAPI_KEY.
if (args is not [var url, var file, ..] || !Uri.TryCreate(url, UriKind.Absolute, out var server))
{
    Console.Error.WriteLine("Usage: ExamplePartner URL FILE [follow | once | verify | repair]");
    return 1;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

using var handler = new SocketsHttpHandler { AutomaticDecompression = System.Net.DecompressionMethods.All };
using var http = new HttpClient(handler) { BaseAddress = server };
if (Environment.GetEnvironmentVariable("NEWSAPI_KEY") is { Length: > 0 } key) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
using var store = new SqliteSyncStore(file);
var follower = new SyncFollower(http, store, new SyncFollowerOptions { Faulted = fault => Console.Error.WriteLine($"{fault.Message} Trying again.") });
try
{
    switch (args.ElementAtOrDefault(2) ?? "follow")
    {
        case "follow":
            await follower.RunAsync(stop.Token);
            return 0;
        case "once":
            await follower.CatchUpAsync(stop.Token);
            Console.WriteLine($"{store.Count()} resources");
            return 0;
        case "verify":
            return Tell(await follower.VerifyAsync(stop.Token));
        case "repair":
            Tell(await follower.RepairAsync(stop.Token));
            return Tell(await follower.VerifyAsync(stop.Token));
        case var other:
            Console.Error.WriteLine($"There is no command '{other}'.");
            return 1;
    }
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 0;
}
catch (SyncException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static int Tell(IReadOnlyList<SyncFault> faults)
{
    foreach (var fault in faults) Console.WriteLine($"{fault.Key.Type} {fault.Key.Id} {fault.What}");
    if (faults.Count == 0) Console.WriteLine("The copy is right.");
    return faults.Count == 0 ? 0 : 2;
}
